import type { Context } from "../context.ts";
import type { FinishedRow } from "./evaluate-row.ts";

/** Stores rows behind the evaluation, in batches: what finishes during one write makes the next. */
export interface RowWriter {
  /** Never throws. */
  add(finished: FinishedRow): void;
  /** The first failure of a write, as soon as there is one. */
  failure(): Error | undefined;
  /** Resolves when all rows are stored. @throws what the store threw */
  drain(): Promise<void>;
}

/** What a {@link RowWriter} needs. */
export interface RowWriterPieces {
  readonly context: Context;
  /** Gives the journal the spans that are in progress. */
  readonly flushSpans: () => void;
}

/** A {@link RowWriter} on the context's store. */
export function createRowWriter(pieces: RowWriterPieces): RowWriter {
  let waiting: FinishedRow[] = [];
  let failure: Error | undefined;
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        await writeBatch(batch, pieces);
      }
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    } finally {
      writing = undefined;
    }
  };

  return {
    add: (finished) => {
      waiting.push(finished);
      writing ??= writeAll();
    },
    failure: () => failure,
    drain: async () => {
      await writing;
      if (failure !== undefined) throw failure;
    },
  };
}

async function writeBatch(
  batch: readonly FinishedRow[],
  { context, flushSpans }: RowWriterPieces,
): Promise<void> {
  const store = await context.store();
  await store.evaluations.addRows(batch.map(({ row }) => row));
  // An assessment needs its trace, so the spans go first.
  flushSpans();
  await context.journal.flush();
  await writeAssessments(batch, context);
}

/** A trace that was dropped loses its own assessments only; its scores are in the row anyway. */
async function writeAssessments(batch: readonly FinishedRow[], context: Context): Promise<void> {
  const { assessments: store } = await context.store();
  const groups = batch.flatMap(({ assessments }) =>
    assessments.length === 0 ? [] : [assessments],
  );
  if (groups.length === 0) return;
  try {
    await store.add(groups.flat());
  } catch {
    for (const group of groups) await store.add(group).catch(context.reportError);
  }
}
