import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

/** Between two looks at the file, which the writer shares. */
const LOOK_MS = 50;

/** Traces per second that the index of words takes, until it knows all of them. Waiting for their rest is left out. */
export async function catchUpRate(file: string): Promise<number> {
  using database = new DatabaseSync(file, { readOnly: true });
  const statement = database.prepare("SELECT COUNT(*) AS count FROM unindexed");
  const waiting = (): number => Number(statement.get()?.["count"]);
  const all = waiting();
  while (waiting() === all && all > 0) await pause(LOOK_MS);
  const begun = performance.now();
  const first = waiting();
  while (waiting() > 0) await pause(LOOK_MS);
  return (first * 1_000) / (performance.now() - begun);
}
