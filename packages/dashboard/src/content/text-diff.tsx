import { type Change, diffLines, diffWordsWithSpace } from "diff";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";

/** Milliseconds after which a comparison gives up. */
const TIMEOUT = 200;

export interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  readonly beforeName: string;
  readonly afterName: string;
}

type Line = {
  readonly kind: "same" | "removed" | "added";
  readonly content: ComponentChildren;
};

const MARKS: Readonly<Record<Line["kind"], readonly [mark: string, word: string]>> = {
  same: [" ", ""],
  removed: ["−", "Removed: "],
  added: ["+", "Added: "],
};

/** What changed between two texts: by line, and within changed lines by word. */
export function TextDiff({ before, after, beforeName, afterName }: TextDiffProps): JSX.Element {
  const lines = useMemo(() => toLines(before, after), [before, after]);
  const hasChanges = lines.some((line) => line.kind !== "same");
  return (
    <div class="diff">
      <p class="diff-title">
        <span class="tone-bad">− {beforeName}</span> <span class="tone-good">+ {afterName}</span>
        {hasChanges ? null : <span class="muted"> Template and config are the same.</span>}
      </p>
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
    </div>
  );
}

function toLines(before: string, after: string): readonly Line[] {
  const changes: readonly Change[] = diffLines(before, after, { timeout: TIMEOUT }) ?? [
    { value: before, added: false, removed: true, count: 1 },
    { value: after, added: true, removed: false, count: 1 },
  ];
  const lines: Line[] = [];
  for (let index = 0; index < changes.length; index += 1) {
    const change = changes[index];
    const next = changes[index + 1];
    if (change === undefined) continue;
    if (change.removed && next?.added) {
      lines.push(...wordLines(change.value, next.value));
      index += 1;
    } else lines.push(...plainLines(change));
  }
  return lines;
}

function plainLines(change: Change): readonly Line[] {
  const kind = change.added ? "added" : change.removed ? "removed" : "same";
  return splitLines(change.value).map((content) => ({ kind, content }));
}

/** A block that was replaced: its lines before and after, with the changed words marked. */
function wordLines(before: string, after: string): readonly Line[] {
  const words = diffWordsWithSpace(before, after, { timeout: TIMEOUT }) ?? [
    { value: before, added: false, removed: true, count: 1 },
    { value: after, added: true, removed: false, count: 1 },
  ];
  return [
    ...markedLines(words.filter((word) => !word.added)).map(
      (content): Line => ({ kind: "removed", content }),
    ),
    ...markedLines(words.filter((word) => !word.removed)).map(
      (content): Line => ({ kind: "added", content }),
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
