import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

/** A line with those that stand deeper below it. */
interface Block {
  readonly line: string;
  readonly inside: Block[];
}

/** Longer files are shown without folds. */
const MOST_LINES = 5_000;
/** Levels that are open at first. */
const OPEN_LEVELS = 3;

/** A text such as YAML, whose indented parts fold under the line above them. */
export function IndentedText({ text }: { text: string }): JSX.Element {
  const blocks = useMemo(() => blocksOf(text.split("\n")), [text]);
  if (blocks === undefined) return <pre class="code-block">{text}</pre>;
  return (
    <div class="code-block indented">
      <Blocks blocks={blocks} level={0} />
    </div>
  );
}

function Blocks({ blocks, level }: { blocks: readonly Block[]; level: number }): JSX.Element {
  return (
    <>
      {blocks.map(({ line, inside }, index) =>
        inside.length === 0 ? (
          <div key={index}>{line || " "}</div>
        ) : (
          <details key={index} open={level < OPEN_LEVELS}>
            <summary>{line}</summary>
            <Blocks blocks={inside} level={level + 1} />
          </details>
        ),
      )}
    </>
  );
}

function blocksOf(lines: readonly string[]): readonly Block[] | undefined {
  if (lines.length > MOST_LINES) return undefined;
  const root: Block[] = [];
  const open: { readonly depth: number; readonly inside: Block[] }[] = [
    { depth: -1, inside: root },
  ];
  for (const line of lines) {
    const block: Block = { line, inside: [] };
    // An empty line belongs to what it stands in.
    if (line.trim() !== "") {
      const depth = depthOf(line);
      while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
      open.at(-1)?.inside.push(block);
      open.push({ depth, inside: block.inside });
    } else open.at(-2)?.inside.push(block);
  }
  return root;
}

/** Items of a list may stand as far left as the name they belong to. */
function depthOf(line: string): number {
  const indent = line.search(/\S/);
  return /^\s*-(?:\s|$)/.test(line) ? indent + 0.5 : indent;
}
