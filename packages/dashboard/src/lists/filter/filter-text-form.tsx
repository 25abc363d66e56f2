import { RivuletError } from "@rivulet/client";
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type PagedQuestion, queryClient, STEADY } from "../../api/query-client.ts";
import type { ListQuery } from "../../questions/list-query.ts";
import { allOf } from "../../search/filter-text.ts";
import type { FilterSpec } from "./filter-spec.ts";
import { conditionsOf, type FilterState } from "./filter-state.ts";
import { readClauses } from "./read-clauses.ts";

/** What a {@link FilterTextForm} takes. */
export interface FilterTextFormProps {
  readonly spec: FilterSpec;
  readonly state: FilterState;
  readonly ask: (query: ListQuery) => PagedQuestion<unknown>;
  readonly onApply: (change: Partial<FilterState>) => void;
  readonly onClose: () => void;
}

/** Pause in typing after which the text is checked. */
const PAUSE_MS = 300;

/** What words and chips mean in the filter language. It can be edited: what chips can say becomes chips again. */
export function FilterTextForm({
  spec,
  state,
  ask,
  onApply,
  onClose,
}: FilterTextFormProps): JSX.Element {
  const written = writtenText(state, spec);
  const [text, setText] = useState(written);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => setText(written), [written]);
  useEffect(() => field.current?.focus(), []);
  const [problem, setProblem] = useProblem(text, ask);
  const apply = async (): Promise<void> => {
    const found = await findProblem(text, ask);
    setProblem(found);
    if (found === undefined) onApply(readText(text, state, spec));
    else selectPlace(field.current, found);
  };
  return (
    <form
      class="filter-text"
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        aria-label="Filter text"
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : id}
        placeholder={spec.example}
        value={text}
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing || event.shiftKey) return;
          if (event.key === "Escape") onClose();
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === "Enter") void apply();
        }}
      />
      <div class="actions">
        <button type="submit" class="button button-primary">
          Apply
        </button>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      {problem === undefined ? null : <Place id={id} text={text} problem={problem} />}
    </form>
  );
}

/** Words and chips as the filter language says them, each on its own, then what is text already. */
function writtenText(state: FilterState, spec: FilterSpec): string {
  const conditions = conditionsOf(state, spec);
  if (state.text === "") return conditions.join(" AND ");
  return conditions.length === 0 ? state.text : [...conditions, `(${state.text})`].join(" AND ");
}

/** What the text means: the words if they are still in it, chips where they can say it, text where not. */
function readText(text: string, state: FilterState, spec: FilterSpec): Partial<FilterState> {
  const { words, clauses, rest } = readClauses(text, spec, state.words);
  return { words, clauses, text: allOf(...rest) };
}

interface Problem {
  readonly message: string;
  /** Offset in the text. */
  readonly at: number;
}

type Ask = FilterTextFormProps["ask"];

/** What is wrong with the text, once nobody has typed for a moment. */
function useProblem(
  text: string,
  ask: Ask,
): readonly [Problem | undefined, (problem: Problem | undefined) => void] {
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    let isCurrent = true;
    setProblem(undefined);
    const timer = setTimeout(async () => {
      const found = await findProblem(text, ask);
      if (isCurrent) setProblem(found);
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text]);
  return [problem, setProblem];
}

/** What is wrong with a text, by the word of the API. */
async function findProblem(text: string, ask: Ask): Promise<Problem | undefined> {
  if (text.trim() === "") return undefined;
  const question = { ...ask({ filter: text, limit: 1 }), meta: STEADY, staleTime: 60_000 };
  try {
    await queryClient.fetchInfiniteQuery(question as never);
  } catch (error) {
    if (!(error instanceof RivuletError) || error.code !== "invalid_argument") return undefined;
    const position = error.details["position"];
    const at = typeof position === "number" ? position - 1 : text.length;
    return { message: withoutPlace(error.message), at: Math.min(at, text.length) };
  }
  return undefined;
}

/** The place is shown in the text itself. */
function withoutPlace(message: string): string {
  return message.replace(/^Cannot read the filter at (?:its end|position \d+, ".*?"): /s, "");
}

function selectPlace(field: HTMLTextAreaElement | null, { at }: Problem): void {
  field?.focus();
  field?.setSelectionRange(at, field.value.length);
}

function Place({ id, text, problem }: { id: string; text: string; problem: Problem }): JSX.Element {
  const from = Math.max(0, problem.at - 60);
  const rest = text.slice(problem.at);
  const [wrong = " "] = /^\s*(?:'[^']*'?|[\p{L}\p{N}_.]+|\S)/u.exec(rest) ?? [];
  return (
    <p id={id} class="filter-problem" role="alert">
      <code aria-hidden="true">
        {from > 0 ? "…" : ""}
        {text.slice(from, problem.at)}
        <mark>{wrong}</mark>
        {rest.slice(wrong.length, 60)}
      </code>
      <span>
        <span class="hidden-text">At character {problem.at + 1}: </span>
        {problem.message}
      </span>
    </p>
  );
}
