import { groupBy } from "./group-by.ts";

/** A line from one name to another. */
export interface Line {
  readonly from: string;
  readonly to: string;
}

/** Which layer each name is in, and which lines go down. */
export interface Layers {
  readonly rank: ReadonlyMap<string, number>;
  /** A line that goes up, or from a name to itself, closes a loop. */
  readonly goesDown: (line: Line) => boolean;
}

/** Puts each name below all that lead to it; lines that would close a loop count for nothing. */
export function rankNames(names: readonly string[], lines: readonly Line[]): Layers {
  const next = groupBy(lines, ({ from }) => from);
  const state = new Map<string, "open" | "done">();
  const loops = new Set<Line>();
  const order: string[] = [];
  const visit = (name: string): void => {
    state.set(name, "open");
    for (const line of next.get(name) ?? []) {
      const seen = state.get(line.to);
      if (seen === "open") loops.add(line);
      else if (seen === undefined) visit(line.to);
    }
    state.set(name, "done");
    order.push(name);
  };
  const reached = new Set(lines.filter(({ from, to }) => from !== to).map(({ to }) => to));
  for (const name of [...names.filter((one) => !reached.has(one)), ...names])
    if (!state.has(name)) visit(name);
  const rank = new Map(names.map((name) => [name, 0]));
  for (const name of order.reverse())
    for (const line of next.get(name) ?? [])
      if (!loops.has(line))
        rank.set(line.to, Math.max(rank.get(line.to) ?? 0, (rank.get(name) ?? 0) + 1));
  return { rank, goesDown: (line) => !loops.has(line) };
}
