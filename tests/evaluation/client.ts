import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRivulet,
  type EvaluationResult,
  type Rivulet,
  type RivuletOptions,
  type ScorerResult,
} from "@rivulet/core";
import { afterAll, beforeAll, onTestFinished } from "vitest";

/** When the clock of the tests stands. */
export const NOON = 1_790_000_000_000;

/** A client, and the failures it told of. */
export interface TestClient {
  readonly rivulet: Rivulet;
  readonly errors: readonly Error[];
}

/** A client on a fresh SQLite file, closed and removed after the test. */
export async function aClient(options: RivuletOptions = {}): Promise<TestClient> {
  const { close, ...client } = await openClient(options);
  onTestFinished(close);
  return client;
}

/** The same for all tests of a file: opening a store is the dearest part of a small test. */
export function aSharedClient(): () => Rivulet {
  let opened: (TestClient & { readonly close: () => Promise<void> }) | undefined;
  beforeAll(async () => {
    opened = await openClient({});
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error("The client opens before the first test.");
    return opened.rivulet;
  };
}

async function openClient(
  options: RivuletOptions,
): Promise<TestClient & { readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-evaluation-"));
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store: `sqlite:${join(folder, "test.db")}`,
    clock: () => NOON,
    onError: (error) => errors.push(error),
    ...options,
  });
  const close = async (): Promise<void> => {
    await rivulet.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { rivulet, errors, close };
}

/**
 * An evaluation whose scorer `score` gives these results, one list per row and one entry per trial.
 * Rows are called `r0`, `r1` …
 */
export function evaluateScores(
  rivulet: Rivulet,
  results: readonly (readonly ScorerResult[])[],
): Promise<EvaluationResult> {
  return rivulet.evaluate({
    name: "given scores",
    data: results.map((_, row) => ({ id: `r${row}`, inputs: row })),
    task: (row, { trial }) => results[row]?.[trial] ?? null,
    scorers: [
      Object.assign(({ output }: { output: ScorerResult }) => output, { scoreName: "score" }),
    ],
    trials: results[0]?.length ?? 1,
  });
}

/** One trial per row. */
export function rowsOf(values: readonly ScorerResult[]): readonly (readonly ScorerResult[])[] {
  return values.map((value) => [value]);
}
