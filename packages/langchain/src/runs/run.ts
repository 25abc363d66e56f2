import type { ActiveSpan, PromptRef, SpanType, SpanWatch, TokenUsage } from "@rivulet/core";
import type { Caller } from "./caller.ts";
import type { TracePolicy } from "./pick-payload.ts";
import type { RunMetadata } from "./run-metadata.ts";

/** What LangChain calls a run of this kind when it starts. */
export type RunKind = "chain" | "prompt" | "parser" | "chat_model" | "llm" | "tool" | "retriever";

/** A run that starts, as LangChain tells it. */
export interface RunStart {
  readonly kind: RunKind;
  readonly runId: string;
  readonly parentRunId?: string | undefined;
  /** The runnable; its last id is the class. */
  readonly serialized?: unknown;
  readonly name?: string | undefined;
  readonly input?: unknown;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** What the model is called with: settings and tools. */
  readonly invocation?: Readonly<Record<string, unknown>> | undefined;
  /** Of a model: what it was given to be stopped with. */
  readonly signal?: AbortSignal | undefined;
  /** The run whose code has made the call. LangChain names it only where callbacks were handed down. */
  readonly caller?: Caller | undefined;
  readonly toolCallId?: string | undefined;
  readonly extra?: Readonly<Record<PropertyKey, unknown>> | undefined;
}

/** Which step of LangGraph a chain is. */
export type GraphRole = "agent" | "graph" | "node";

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
  /** Of a model: who runs it, as its class says. */
  readonly provider: string | undefined;
  readonly toolCallId: string | undefined;
  /** Of a retriever: what it was asked. */
  readonly query: string | undefined;
  /** What stops it, as far as it is known: a run tells it through what it calls. */
  signal?: AbortSignal | undefined;
  /** What a run below failed with because the app has stopped it: it is handed up. */
  stop?: { readonly error: unknown; readonly signal: AbortSignal } | undefined;
  /** Whether the session of its trace was looked for in what it was configured with. */
  configured?: boolean;
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
  /** The tokens that its chunks told of, which the provider charges for even if the stream breaks off. */
  usage?: TokenUsage;
}

/** A piece of a model's answer. */
interface AnswerPiece {
  readonly token: unknown;
  readonly usage?: TokenUsage | undefined;
}

/** Which tool calls of a LangGraph node had a run of their own. */
export interface ToolCalls {
  /** Ids of the calls; LangChain 0.3 does not tell them. */
  readonly ids: Set<string>;
  /** Names of the tools that failed without an id. */
  readonly failedNames: string[];
}

/** Longer partial answers are cut. */
const MAX_TEXT = 100_000;

/** Takes a token; the first one sets the clock. */
export function takeToken(run: OpenRun, { token, usage }: AnswerPiece, time: number): void {
  const text = typeof token === "string" ? token : "";
  run.watch.touch();
  if (run.stream === undefined) run.stream = { firstTokenAt: time, text };
  else if (run.stream.text.length < MAX_TEXT) run.stream.text += text;
  if (usage === undefined) return;
  const totals = countsUp(run) ? INPUT : TOTALS;
  run.stream.usage = withChunk(run.stream.usage ?? {}, usage, totals);
}

/** Anthropic's streams begin with an output of some tokens, and tell later how many there are by then. */
export function countsUp({ provider }: OpenRun): boolean {
  return provider === "anthropic";
}

/** Totals of chunks are added, as LangChain does; a provider may repeat the parts of its totals in each. */
const TOTALS: ReadonlySet<string> = new Set(["inputTokens", "outputTokens", "totalTokens"]);
const INPUT: ReadonlySet<string> = new Set(["inputTokens"]);

function withChunk(known: TokenUsage, told: TokenUsage, totals: ReadonlySet<string>): TokenUsage {
  const counts: Record<string, number> = { ...known };
  for (const [kind, count] of Object.entries(told)) {
    if (!Number.isFinite(count)) continue;
    const before = counts[kind] ?? 0;
    counts[kind] = totals.has(kind) ? before + count : Math.max(before, count);
  }
  return counts;
}

/** What has come of an answer that broke off: its tokens go to the span, its text is the span's output. */
export function partialAnswer({ kind, span, stream }: OpenRun): { readonly output?: unknown } {
  if (stream === undefined) return {};
  span.markFirstToken(stream.firstTokenAt);
  if (stream.usage !== undefined) span.setUsage(stream.usage);
  if (stream.text === "") return {};
  if (kind === "llm") return { output: stream.text };
  return { output: { messages: [{ role: "assistant", content: stream.text }] } };
}
