import { type Change, diffLines, diffWordsWithSpace } from "diff";
import type { ComponentChildren, JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Segmented } from "../components/segmented.tsx";
import { formatCount } from "../format/numbers.ts";
import { useQueryState } from "../routing/query-state.ts";
import { SideDiff } from "./side-diff.tsx";

/** Milliseconds after which a comparison gives up. */
const TIMEOUT = 200;
/** Lines that are drawn before more are asked for; of longer texts is shown what differs, and what is around it. */
const LINES_AT_ONCE = 2_000;
/** Same lines around a difference. */
const AROUND = 3;

export interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  readonly beforeName: string;
  readonly afterName: string;
}

/** A line that is in one of the texts, or in both. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly content: ComponentChildren;
}

const LAYOUTS = [
  { value: "", label: "Inline" },
  { value: "side", label: "Side by side" },
] as const;

const MARKS: Readonly<Record<DiffLine["kind"], readonly [mark: string, word: string]>> = {
  same: [" ", ""],
  removed: ["−", "Removed: "],
  added: ["+", "Added: "],
};

/** What changed between two texts: by line, and within changed lines by word. */
export function TextDiff({ before, after, beforeName, afterName }: TextDiffProps): JSX.Element {
  const lines = useMemo(() => folded(toLines(before, after)), [before, after]);
  const hasChanges = lines.some((line) => line.kind !== "same");
  const [layout, setLayout] = useQueryState("diff");
  const [most, setMost] = useState(LINES_AT_ONCE);
  const drawn = useMemo(() => lines.slice(0, most), [lines, most]);
  return (
    <div class="diff">
      <div class="diff-title">
        <span class="tone-bad">− {beforeName}</span> <span class="tone-good">+ {afterName}</span>
        {hasChanges ? null : <span class="muted"> Both are the same.</span>}
        <span class="at-end">
          <Segmented
            label="Show the differences"
            choices={LAYOUTS}
            value={layout === "side" ? "side" : ""}
            onChange={setLayout}
          />
        </span>
      </div>
      {layout === "side" ? (
        <SideDiff lines={drawn} names={[beforeName, afterName]} />
      ) : (
        <InlineDiff lines={drawn} />
      )}
      {drawn.length === lines.length ? null : (
        <button type="button" class="button" onClick={() => setMost(most + LINES_AT_ONCE)}>
          {formatCount(lines.length - drawn.length)} more lines
        </button>
      )}
    </div>
  );
}

function InlineDiff({ lines }: { lines: readonly DiffLine[] }): JSX.Element {
  return (
    <ol class="diff-lines">
      {lines.map((line, index) => {
        const [mark, word] = MARKS[line.kind];
        return (
          <li key={`${index} ${line.kind}`} class={`diff-${line.kind}`}>
            <span class="diff-mark" aria-hidden="true">
              {mark}
            </span>
            <span class="hidden-text">{word}</span>
            <span class="diff-text">{line.content}</span>
          </li>
        );
      })}
    </ol>
  );
}

function toLines(before: string, after: string): readonly DiffLine[] {
  const changes: readonly Change[] = diffLines(before, after, { timeout: TIMEOUT }) ?? [
    { value: before, added: false, removed: true, count: 1 },
    { value: after, added: true, removed: false, count: 1 },
  ];
  const parts: (readonly DiffLine[])[] = [];
  for (let index = 0; index < changes.length; index += 1) {
    const change = changes[index];
    const next = changes[index + 1];
    if (change === undefined) continue;
    if (change.removed && next?.added) {
      parts.push(wordLines(change.value, next.value));
      index += 1;
    } else parts.push(plainLines(change));
  }
  return parts.flat();
}

/** Of long texts, what differs and the lines around it. */
function folded(lines: readonly DiffLine[]): readonly DiffLine[] {
  if (lines.length <= LINES_AT_ONCE) return lines;
  const near = new Set<number>();
  lines.forEach(({ kind }, place) => {
    for (let by = -AROUND; kind !== "same" && by <= AROUND; by += 1) near.add(place + by);
  });
  const kept: DiffLine[] = [];
  let left = 0;
  lines.forEach((line, place) => {
    const isLast = place === lines.length - 1;
    if (!near.has(place)) left += 1;
    if (left > 0 && (near.has(place) || isLast)) {
      const content = <span class="muted">{formatCount(left)} lines that are the same</span>;
      kept.push({ kind: "same", content });
      left = 0;
    }
    if (near.has(place)) kept.push(line);
  });
  return kept;
}

function plainLines(change: Change): readonly DiffLine[] {
  const kind = change.added ? "added" : change.removed ? "removed" : "same";
  return splitLines(change.value).map((content) => ({ kind, content }));
}

/** A block that was replaced: its lines before and after, with the changed words marked. */
function wordLines(before: string, after: string): readonly DiffLine[] {
  const words = diffWordsWithSpace(before, after, { timeout: TIMEOUT }) ?? [
    { value: before, added: false, removed: true, count: 1 },
    { value: after, added: true, removed: false, count: 1 },
  ];
  return [
    ...markedLines(words.filter((word) => !word.added)).map(
      (content): DiffLine => ({ kind: "removed", content }),
    ),
    ...markedLines(words.filter((word) => !word.removed)).map(
      (content): DiffLine => ({ kind: "added", content }),
    ),
  ];
}

/** Words as lines of text, with the changed ones in marks. */
function markedLines(words: readonly Change[]): readonly ComponentChildren[][] {
  const lines: ComponentChildren[][] = [[]];
  for (const word of words) {
    const isChanged = word.added || word.removed;
    word.value.split("\n").forEach((piece, index) => {
      if (index > 0) lines.push([]);
      if (piece !== "") lines.at(-1)?.push(isChanged ? <mark>{piece}</mark> : piece);
    });
  }
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

function splitLines(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
