import Table from "cli-table3";
import colors from "picocolors";

/** Characters between two columns. */
const GAP = 2;
/** A column is not made narrower than this. */
const LEAST_WIDTH = 8;
/** Longest cell of a list: the rest is cut. */
const LONGEST_CELL = 200;

/** Rows of text, to be laid out. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Text in columns, cut to the width of the terminal. Ids, names and numbers stay whole. */
export function layOut({ columns, rows }: TextTable, width: number | undefined): string {
  const cells = rows.map((row) => row.map(shorten));
  const natural = columns.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const flexible = columns.map((name) => !/^(?:id|.*Id|name|version|reference|step)$/.test(name));
  const widths = width === undefined ? undefined : fit({ natural, flexible, width });
  return draw([columns.map((name) => colors.bold(name)), ...cells], widths);
}

/** Names and their values, a line for each. */
export function layOutPairs(pairs: readonly (readonly [string, string])[]): string {
  return draw(pairs.map(([name, value]) => [colors.bold(name), value]));
}

const NO_BORDERS = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"].flatMap((side) =>
    side === "mid"
      ? [
          ["mid", ""],
          ["left-mid", ""],
          ["mid-mid", ""],
          ["right-mid", ""],
          ["middle", ""],
        ]
      : [
          [side, ""],
          [`${side}-mid`, ""],
          [`${side}-left`, ""],
          [`${side}-right`, ""],
        ],
  ),
);

function draw(rows: readonly (readonly string[])[], widths?: readonly number[]): string {
  const table = new Table({
    chars: NO_BORDERS,
    style: { "padding-left": 0, "padding-right": GAP, head: [], border: [] },
    ...(widths === undefined ? {} : { colWidths: widths.map((size) => size + GAP) }),
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function shorten(text: string): string {
  return text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;
}

interface Space {
  readonly natural: readonly number[];
  readonly flexible: readonly boolean[];
  readonly width: number;
}

/** Takes from the widest column that may be cut, until all fit or none can be made narrower. */
function fit({ natural, flexible, width }: Space): readonly number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, size) => sum + size + GAP, 0) - GAP - width;
  for (; over > 0; over -= 1) {
    const widest = widestOf(widths, flexible);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function widestOf(widths: readonly number[], flexible: readonly boolean[]): number | undefined {
  let widest: number | undefined;
  for (const [at, size] of widths.entries()) {
    if (flexible[at] !== true || size <= LEAST_WIDTH) continue;
    if (widest === undefined || size > (widths[widest] ?? 0)) widest = at;
  }
  return widest;
}
