import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { useMe } from "../../../api/me.ts";
import { useAction } from "../../../api/use-action.ts";
import { useQuery } from "../../../api/use-query.ts";
import { FormModal } from "../../../components/form-modal.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { notify } from "../../../components/toasts.tsx";
import {
  type Annotation,
  annotate,
  askAssessmentNames,
  deleteAssessment,
} from "../../../questions/traces.ts";
import type { ActingProps } from "../trace-actions.tsx";

const TARGETS = [
  { value: "span", label: "This span" },
  { value: "trace", label: "The whole trace" },
] as const;
const KINDS = [
  { value: "feedback", label: "Feedback" },
  { value: "expectation", label: "What it should have been" },
] as const;
const FORMS = [
  { value: "yes-no", label: "Yes or no" },
  { value: "number", label: "Number" },
  { value: "text", label: "Text" },
] as const;

/** What a person enters of an assessment. */
interface Draft {
  readonly target: "span" | "trace";
  readonly kind: "feedback" | "expectation";
  readonly name: string;
  readonly form: (typeof FORMS)[number]["value"];
  readonly isYes: "yes" | "no";
  readonly text: string;
  readonly comment: string;
}

const EMPTY: Draft = {
  target: "span",
  kind: "feedback",
  name: "",
  form: "yes-no",
  isYes: "yes",
  text: "",
  comment: "",
};

/** Says what somebody thinks of a trace or a span, or what should have come out. */
export function AnnotateDialog({ trace, spanId, onClose }: ActingProps): JSX.Element {
  const [draft, setDraft] = useState(EMPTY);
  const me = useMe();
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const action = useAction(async (annotation: Annotation) => {
    const { id, name } = await annotate(annotation);
    notify({ text: `Saved ${name}.`, undo: () => deleteAssessment(id) });
  });
  return (
    <FormModal
      title="Annotate"
      action={action}
      isReady={isReady(draft)}
      input={() => ({
        ...toAnnotation(draft),
        traceId: trace.id,
        ...(spanId !== "" && draft.target === "span" && { spanId }),
        ...(me !== undefined && { sourceId: me.id }),
      })}
      onClose={onClose}
    >
      {spanId === "" ? null : (
        <Segmented
          label="What it is about"
          choices={TARGETS}
          value={draft.target}
          onChange={(target) => change({ target })}
        />
      )}
      <Segmented
        label="Kind"
        choices={KINDS}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
      />
      <NameField draft={draft} onChange={change} />
      <ValueField draft={draft} onChange={change} />
      <label class="field">
        Comment (optional)
        <textarea
          rows={3}
          value={draft.comment}
          onInput={(event) => change({ comment: event.currentTarget.value })}
        />
      </label>
    </FormModal>
  );
}

interface FieldProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** Names that are in use already are suggested, so that there is one name for one thing. */
function NameField({ draft, onChange }: FieldProps): JSX.Element {
  const id = useId();
  const names = useQuery(askAssessmentNames()).data;
  const known = draft.kind === "feedback" ? names?.feedback : names?.expectations;
  return (
    <label class="field">
      Name
      <input
        class="input"
        list={id}
        placeholder={draft.kind === "feedback" ? "user_feedback" : "expected"}
        value={draft.name}
        onInput={(event) => onChange({ name: event.currentTarget.value })}
      />
      <datalist id={id}>
        {known?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}

function ValueField({ draft, onChange }: FieldProps): JSX.Element {
  const { kind, form, isYes } = draft;
  return (
    <>
      {kind === "feedback" ? (
        <Segmented
          label="Form of the value"
          choices={FORMS}
          value={form}
          onChange={(next) => onChange({ form: next })}
        />
      ) : null}
      {kind === "feedback" && form === "yes-no" ? (
        <Segmented
          label="Value"
          choices={[
            { value: "yes", label: "Yes" },
            { value: "no", label: "No" },
          ]}
          value={isYes}
          onChange={(next) => onChange({ isYes: next })}
        />
      ) : (
        <TextField draft={draft} onChange={onChange} />
      )}
    </>
  );
}

function TextField({ draft: { kind, form, text }, onChange }: FieldProps): JSX.Element {
  const id = useId();
  const isNumber = kind === "feedback" && form === "number";
  const onInput = (event: { readonly currentTarget: { readonly value: string } }): void =>
    onChange({ text: event.currentTarget.value });
  return (
    <div class="field">
      <label for={id}>
        {kind === "feedback" ? "Value" : "What should have come out (text or JSON)"}
      </label>
      {isNumber ? (
        <input id={id} class="input" type="number" step="any" value={text} onInput={onInput} />
      ) : (
        <textarea id={id} rows={kind === "feedback" ? 1 : 5} value={text} onInput={onInput} />
      )}
    </div>
  );
}

function isReady({ kind, form, text }: Draft): boolean {
  return (kind === "feedback" && form === "yes-no") || text.trim() !== "";
}

function toAnnotation(draft: Draft): Omit<Annotation, "traceId"> {
  const name = draft.name.trim();
  const rationale = draft.comment.trim();
  return {
    kind: draft.kind,
    value: enteredValue(draft),
    ...(name !== "" && { name }),
    ...(rationale !== "" && { rationale }),
  };
}

function enteredValue({ kind, form, isYes, text }: Draft): JsonValue {
  if (kind === "expectation") return readJson(text);
  if (form === "yes-no") return isYes === "yes";
  return form === "number" ? Number(text) : text.trim();
}

/** Only objects and lists are meant as JSON: `42` and `true` may be answers in words. */
function readJson(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text.trim();
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text.trim();
  }
}
