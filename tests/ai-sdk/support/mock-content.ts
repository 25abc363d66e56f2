/** Ten tokens in, two of them from the cache; five out, one of them thought. */
const USAGE = {
  inputTokens: { total: 10, noCache: 8, cacheRead: 2, cacheWrite: 0 },
  outputTokens: { total: 5, text: 4, reasoning: 1 },
};

/** Parts of an answer that the tests use; specifications 3 and 4 have them alike. */
export type AnswerPart =
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | {
      type: "tool-call";
      toolCallId: string;
      toolName: string;
      input: string;
      providerExecuted?: boolean;
    }
  | { type: "tool-result"; toolCallId: string; toolName: string; result: string };

type Reason = "stop" | "tool-calls" | "error";

/** Chunks of a stream that the tests use. */
export type AnswerChunk =
  | Exclude<AnswerPart, { type: "text" | "reasoning" }>
  | { type: "stream-start"; warnings: [] }
  | { type: "response-metadata"; id: string; modelId: string }
  | { type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end"; id: string }
  | { type: "text-delta" | "reasoning-delta" | "tool-input-delta"; id: string; delta: string }
  | { type: "tool-input-start"; id: string; toolName: string }
  | { type: "tool-input-end"; id: string }
  | { type: "error"; error: unknown }
  | ReturnType<typeof finish>;

/** A whole answer of a model. */
export function answer(content: AnswerPart[], reason: Reason = "stop") {
  const warnings: [] = [];
  return { content, finishReason: { unified: reason, raw: reason }, usage: USAGE, warnings };
}

/** An answer of text. */
export function says(text: string) {
  return answer([{ type: "text", text }]);
}

/** An answer that asks for tools. */
export function asksFor(...calls: readonly { id: string; name: string; input?: string }[]) {
  return answer(calls.map(toolCall), "tool-calls");
}

/** A tool call as a part or a chunk. */
export function toolCall({ id, name, input = "{}" }: { id: string; name: string; input?: string }) {
  return { type: "tool-call" as const, toolCallId: id, toolName: name, input };
}

/** The chunks of an answer of text. */
export function saysInChunks(...deltas: readonly string[]): AnswerChunk[] {
  return [...opening(...deltas), { type: "text-end", id: "1" }, finish()];
}

/** The chunks of an answer of text that has not ended. */
export function opening(...deltas: readonly string[]): AnswerChunk[] {
  return [
    { type: "stream-start", warnings: [] },
    { type: "text-start", id: "1" },
    ...deltas.map((delta) => ({ type: "text-delta" as const, id: "1", delta })),
  ];
}

/** The last chunk of a stream. */
export function finish(reason: Reason = "stop") {
  return { type: "finish" as const, finishReason: { unified: reason, raw: reason }, usage: USAGE };
}

type Ending = Pick<ReturnType<typeof finish>, "finishReason" | "usage">;
type InVersion2<T> = T extends Ending
  ? Omit<T, keyof Ending> & { finishReason: Reason; usage: typeof USAGE_OF_2 }
  : T;
/** A chunk as specification 2 has it. */
export type ChunkOf2 = InVersion2<AnswerChunk>;

const USAGE_OF_2 = {
  inputTokens: 10,
  outputTokens: 5,
  totalTokens: 15,
  reasoningTokens: 1,
  cachedInputTokens: 2,
};

/** An answer, or a chunk of it, as specification 2 writes its usage and reason. */
export function inVersion2<T extends object>(given: T): InVersion2<T> {
  if (!("finishReason" in given)) return given as InVersion2<T>;
  const { unified } = given.finishReason as Ending["finishReason"];
  return { ...given, finishReason: unified, usage: USAGE_OF_2 } as InVersion2<T>;
}

/** The chunks as a stream that waits for its reader; then `after` runs, which may throw or wait. */
export function streamOf(
  chunks: readonly AnswerChunk[],
  after: () => Promise<void> | void = () => undefined,
): { stream: ReadableStream<AnswerChunk> } {
  const rest = [...chunks];
  return {
    stream: new ReadableStream<AnswerChunk>(
      {
        async pull(controller) {
          const next = rest.shift();
          if (next !== undefined) {
            controller.enqueue(next);
            return;
          }
          await after();
          controller.close();
        },
      },
      { highWaterMark: 0 },
    ),
  };
}
