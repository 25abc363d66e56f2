import type { Kept } from "./columns.ts";
import { FACTS, type Fact } from "./facts.ts";

const COLUMNS = ["rivulet", "langfuse", "langsmith"] as const;

type Framework = "langchain" | "ai-sdk";

/** What became of a fact. */
export type Fate = "kept" | "changed" | "lost";

/** A row of the table: a fact, and what became of it in each column. */
export interface Row {
  readonly name: string;
  readonly fates: Readonly<Record<keyof Kept, Fate>>;
}

/** What became of everything that a run has told. */
export function rowsOf(kept: Kept, framework: Framework): readonly Row[] {
  return FACTS.filter(({ only = framework }) => only === framework).map((fact) => ({
    name: fact.name,
    fates: {
      rivulet: fateOf(fact, "rivulet", kept),
      langfuse: fateOf(fact, "langfuse", kept),
      langsmith: fateOf(fact, "langsmith", kept),
    },
  }));
}

function fateOf(fact: Fact, column: keyof Kept, kept: Kept): Fate {
  const text = kept[column];
  if (isIn(text, patternOf(fact, column))) return "kept";
  return fact.changed?.test(text) ? "changed" : "lost";
}

function patternOf({ kept }: Fact, column: keyof Kept): string | RegExp {
  return typeof kept === "string" || kept instanceof RegExp ? kept : kept[column];
}

function isIn(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
}

/** The rows as a table in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [
    ["", "Rivulet", "Langfuse", "LangSmith"],
    ...rows.map(({ name, fates }) => [name, ...COLUMNS.map((column) => fates[column])]),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) => line(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))));
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
