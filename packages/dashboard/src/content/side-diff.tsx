import type { JSX } from "preact";
import type { DiffLine } from "./text-diff.tsx";

type Pair = readonly [before: DiffLine | undefined, after: DiffLine | undefined];

/** The lines of two texts beside each other, what was removed beside what came in its place. */
export function SideDiff({
  lines,
  names: [beforeName, afterName],
}: {
  lines: readonly DiffLine[];
  names: readonly [before: string, after: string];
}): JSX.Element {
  return (
    <table class="diff-lines side-diff">
      <thead>
        <tr>
          <th scope="col">{beforeName}</th>
          <th scope="col">{afterName}</th>
        </tr>
      </thead>
      <tbody>
        {pairsOf(lines).map(([before, after], index) => (
          <tr key={`${index} ${before?.kind} ${after?.kind}`}>
            <Side line={before} word="Removed: " />
            <Side line={after} word="Added: " />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Side({ line, word }: { line: DiffLine | undefined; word: string }): JSX.Element {
  return (
    <td class={line === undefined ? "diff-none" : `diff-${line.kind}`}>
      {line === undefined || line.kind === "same" ? null : <span class="hidden-text">{word}</span>}
      {line?.content}
    </td>
  );
}

function pairsOf(lines: readonly DiffLine[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = (): void => {
    const count = Math.max(removed.length, added.length);
    for (let index = 0; index < count; index += 1) pairs.push([removed[index], added[index]]);
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === "same") {
      flush();
      pairs.push([line, line]);
      continue;
    }
    // What was removed after something was added stands in another block.
    if (line.kind === "removed" && added.length > 0) flush();
    (line.kind === "removed" ? removed : added).push(line);
  }
  flush();
  return pairs;
}
