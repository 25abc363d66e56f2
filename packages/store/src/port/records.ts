import type {
  JsonObject,
  JsonValue,
  MetricPoint,
  Span,
  SpanEvent,
  StringMap,
} from "@rivulet/domain";
import type { JsonText } from "../json-text/json-text.ts";

/**
 * One span as it was recorded, at its start or its end: the one shape that spool and SQL share. What is absent
 * is not known. The later of two records of a span wins, field by field.
 */
export interface SpanRecord extends Span {
  /**
   * The experiment is the one of this name; `experimentId` is the id that it gets when there is none yet.
   * Absent: the experiment is `experimentId`.
   */
  readonly experimentName?: string;
  /** What this span knows of its trace; the root's word counts. */
  readonly trace?: TraceFacts;
}

/** What is said of a trace as a whole. */
export interface TraceFacts {
  readonly sessionId?: string;
  readonly userId?: string;
  readonly runId?: string;
  readonly tags?: StringMap;
  readonly metadata?: JsonObject;
}

/** A {@link SpanRecord} on its way to the journal: its bodies are values, or JSON text made of them before. */
export type SpanWrite = Omit<SpanRecord, "input" | "output" | "attributes" | "events"> & {
  readonly input?: JsonValue | JsonText;
  readonly output?: JsonValue | JsonText;
  readonly attributes: JsonObject | JsonText;
  readonly events: readonly SpanEventWrite[];
};

/** An event of a {@link SpanWrite}. */
export type SpanEventWrite = Omit<SpanEvent, "attributes"> & {
  readonly attributes?: JsonObject | JsonText;
};

/** Points of a run's metrics. */
export interface MetricsWrite {
  readonly runId: string;
  readonly points: readonly MetricPoint[];
}

/** How the process that records has ended, written last. */
export interface ExitRecord {
  /** `process.exitCode`, as far as it is known. */
  readonly exitCode: number;
}

/** A line of the journal. */
export type JournalRecord =
  | { readonly kind: "span"; readonly span: SpanRecord }
  | { readonly kind: "metrics"; readonly metrics: MetricsWrite }
  | { readonly kind: "exit"; readonly exit: ExitRecord };
