import type { ActiveSpan, PromptRef, SpanType, SpanWatch } from "@rivulet/core";
import type { RunMetadata } from "./run-metadata.ts";
import type { GraphRole, RunKind } from "./run-start.ts";

/** A run with a span that has started and not ended. */
export interface OpenRun {
  readonly runId: string;
  readonly kind: RunKind;
  readonly role: GraphRole | undefined;
  /** The nearest run above with a span. */
  readonly parent: OpenRun | undefined;
  readonly span: ActiveSpan;
  /** What the runs below inherit. */
  readonly metadata: RunMetadata;
  /** Whether its input and output are kept. */
  readonly keepsPayload: boolean;
  readonly policy: TracePolicy | undefined;
  readonly toolCallId: string | undefined;
  /** Of a retriever: what it was asked. */
  readonly query: string | undefined;
  /** Of a retriever: its query was turned into a vector. */
  embedded?: boolean;
  /** Notices when its consumer leaves. */
  readonly watch: SpanWatch;
  /** The prompt version that the last prompt run directly below was made from. */
  prompt?: PromptRef;
  /** What it waits for a human to say. */
  interrupts?: unknown;
  stream?: ModelStream;
  toolCalls?: ToolCalls;
}

/** A run without a span: machinery of LangChain, or a step that says nothing new. */
export interface PassedRun {
  readonly parentRunId: string | undefined;
  /** What a span needs, if the step fails after all. */
  readonly step: CollapsedStep | undefined;
}

/** A step that has no span as long as nothing goes wrong. */
export interface CollapsedStep {
  readonly name: string;
  readonly type: SpanType;
  readonly input: unknown;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
}

/** What has come of a model's answer so far. */
interface ModelStream {
  /** Milliseconds since the epoch. */
  readonly firstTokenAt: number;
  /** The text, which is all there is when the stream breaks off. */
  text: string;
}

/** Which tool calls of a LangGraph node had a run of their own. */
export interface ToolCalls {
  /** Ids of the calls; LangChain 0.3 does not tell them. */
  readonly ids: Set<string>;
  /** Names of the tools that failed without an id. */
  readonly failedNames: string[];
}

/** What the user of a sequence wants recorded of its input and output. */
export interface TracePolicy {
  readonly processInputs?: (inputs: unknown) => unknown;
  readonly processOutputs?: (outputs: unknown) => unknown;
}
