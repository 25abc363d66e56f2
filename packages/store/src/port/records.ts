import type {
  Attachment,
  JsonObject,
  JsonValue,
  MeasuredModel,
  MetricPoint,
  Span,
  SpanEvent,
  StringMap,
} from "@rivulet/domain";
import type { JsonText } from "../json-text/json-text.ts";

/**
 * A span as recorded at its start or its end: the shape that spool and SQL share. Absent fields are unknown. The later
 * of two records of a span wins, field by field.
 */
export interface SpanRecord extends Span {
  /**
   * Name of the experiment; if it does not exist yet, it is created with the id `experimentId`. When absent,
   * `experimentId` is the id of an existing experiment.
   */
  readonly experimentName?: string;
  /** What this span says about its trace. The root span has the last word. */
  readonly trace?: TraceFacts;
  /** The files that its bodies refer to. Their bytes are given to the journal by themselves. */
  readonly attachments?: readonly AttachmentFacts[];
}

/** What a span says of a file that it refers to. */
export type AttachmentFacts = Pick<Attachment, "hash" | "size" | "mediaType" | "name">;

/** The bytes of a file that spans refer to. */
export interface AttachmentBytes {
  /** SHA-256 of the bytes in hex. */
  readonly hash: string;
  /** The bytes, which nobody changes any more. */
  readonly content: Uint8Array;
}

/** Facts about a trace as a whole. */
export interface TraceFacts {
  /** The conversation or session that the trace belongs to. */
  readonly sessionId?: string;
  /** The end user that the trace was recorded for. */
  readonly userId?: string;
  /** The run that the trace belongs to. */
  readonly runId?: string;
  /** Tags to set on the trace. */
  readonly tags?: StringMap;
  /** Free-form details of the trace. */
  readonly metadata?: JsonObject;
}

/** Fields that may be left out, or be `undefined`, which is the same. */
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** What every span has. */
type Known = Pick<
  SpanRecord,
  "traceId" | "id" | "experimentId" | "name" | "type" | "status" | "startTime"
>;

/** A {@link SpanRecord} on its way to the journal: its bodies are values, or JSON text made of them before. */
export interface SpanWrite
  extends Known,
    Loose<Omit<SpanRecord, keyof Known | "input" | "output" | "attributes" | "events">> {
  /** What the work was given. */
  readonly input?: JsonValue | JsonText | undefined;
  /** What the work returned. */
  readonly output?: JsonValue | JsonText | undefined;
  /** Free-form details. */
  readonly attributes: JsonObject | JsonText;
  /** In order of time. */
  readonly events: readonly SpanEventWrite[];
}

/** An event of a {@link SpanWrite}. */
export type SpanEventWrite = Omit<SpanEvent, "attributes"> & {
  /** Details of the event. */
  readonly attributes?: JsonObject | JsonText;
};

/** Points of a run's metrics. */
export interface MetricsWrite {
  /** The run to write to. */
  readonly runId: string;
  /** In the order they were logged. */
  readonly points: readonly MetricPoint[];
  /** The logged model that all of them were measured of. @default none */
  readonly model?: MeasuredModel;
}

/** How the recording process ended; its last record. */
export interface ExitRecord {
  /** `process.exitCode`, as far as known. */
  readonly exitCode: number;
}

/** A record of the journal: one line of the spool. */
export type JournalRecord =
  | {
      /** The start or end of a span. */
      readonly kind: "span";
      /** The span as known at that time. */
      readonly span: SpanRecord;
    }
  | {
      /** Metric points of a run. */
      readonly kind: "metrics";
      /** The run and its points. */
      readonly metrics: MetricsWrite;
    }
  | {
      /** The end of the process. */
      readonly kind: "exit";
      /** How it ended. */
      readonly exit: ExitRecord;
    };
