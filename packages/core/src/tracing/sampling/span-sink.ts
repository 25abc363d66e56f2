import type { AttachmentBytes, Journal, SpanWrite } from "@rivulet/store";
import type { RecordReport } from "../finished-span.ts";
import type { SamplingStats } from "./sampling-options.ts";

/** Where finished records of spans go: into the journal, at once or when it is decided that their trace is kept. */
export interface SpanSink {
  /** A trace begins in this process, and will end in it. */
  begin(traceId: string): void;
  /** Takes records of live spans. */
  append(span: SpanWrite): void;
  /** Takes spans that were recorded elsewhere. Of a trace that is not known, the end of the root is waited for. */
  appendFinished(spans: readonly SpanWrite[]): FinishedSpans;
  /** Takes a file of a span of this trace. */
  appendFile(file: AttachmentBytes, traceId: string): void;
  /** Somebody has judged the trace. */
  judged(traceId: string, value: unknown): void;
  /** Writes what waits, of one trace or of all, which stay undecided. */
  writeHeld(traceId?: string): void;
  /** Decides about everything that is over; the rest is kept. */
  decideAll(): void;
  /** Resolves when what was dropped is out of the store. */
  settled(): Promise<void>;
  stop(): void;
  stats(): Omit<SamplingStats, "unsampledTraces">;
}

/** How many spans were taken, and how many were left out because their trace was dropped. */
export type FinishedSpans = Pick<RecordReport, "recorded" | "unsampled">;

/** Counts that stand before anything was decided. */
export const NOTHING_KEPT: SamplingStats["keptTraces"] = {
  run: 0,
  error: 0,
  score: 0,
  slow: 0,
  name: 0,
  rate: 0,
  undecided: 0,
};

const nothing = (): void => undefined;

/** Without tail sampling, everything goes into the journal at once. */
export function directSink(journal: Journal): SpanSink {
  return {
    begin: nothing,
    append: (span) => void journal.appendSpan(span),
    appendFinished: (spans) => ({
      recorded: spans.filter((span) => journal.appendSpan(span)).length,
      unsampled: 0,
    }),
    appendFile: (file) => void journal.appendAttachment(file),
    judged: nothing,
    writeHeld: nothing,
    decideAll: nothing,
    settled: async () => undefined,
    stop: nothing,
    stats: () => ({
      keptTraces: NOTHING_KEPT,
      droppedTraces: 0,
      lateSpans: 0,
      undecidedTraces: 0,
      heldBytes: 0,
    }),
  };
}
