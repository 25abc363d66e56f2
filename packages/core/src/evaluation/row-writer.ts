import type { Context } from "../context.ts";
import { maskAssessment, maskRow } from "../masking/masked-records.ts";
import type { FinishedRow } from "./evaluate-row.ts";

/** Stores rows in the background, in batches: rows that finish during one write form the next. */
export interface RowWriter {
  /** Never throws. */
  add(finished: FinishedRow): void;
  /** The error of the first failed write, if any. */
  failure(): Error | undefined;
  /** Resolves when all rows are stored. @throws what the store threw */
  drain(): Promise<void>;
}

/** Options of {@link createRowWriter}. */
export interface RowWriterOptions {
  readonly context: Context;
  /** Hands open spans over to the journal. */
  readonly flushSpans: () => void;
}

/** Creates a {@link RowWriter} on the context's store. */
export function createRowWriter(options: RowWriterOptions): RowWriter {
  let waiting: FinishedRow[] = [];
  let failure: Error | undefined;
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        await writeBatch(batch, options);
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
  { context, flushSpans }: RowWriterOptions,
): Promise<void> {
  const store = await context.store();
  await store.evaluations.addRows(batch.map(({ row }) => maskRow(context.masking, row)));
  // An assessment needs its trace, so the spans go first.
  flushSpans();
  await context.journal.flush();
  await writeAssessments(batch, context);
}

/** If a trace was dropped, only its own assessments are lost; its scores are in the row anyway. */
async function writeAssessments(batch: readonly FinishedRow[], context: Context): Promise<void> {
  const { assessments: store } = await context.store();
  const groups = batch.flatMap(({ assessments }) =>
    assessments.length === 0
      ? []
      : [assessments.map((assessment) => maskAssessment(context.masking, assessment))],
  );
  if (groups.length === 0) return;
  try {
    await store.add(groups.flat());
  } catch {
    for (const group of groups) await store.add(group).catch(context.reportError);
  }
}
