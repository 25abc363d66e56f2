import { type Rivulet, tapReadable } from "@rivulet/core";
import type { Endpoint } from "./calls/endpoint.ts";
import { observeStream } from "./calls/observe-stream.ts";
import { fieldOf, isMethod, isObject } from "./calls/read-value.ts";
import { type ClientKind, takeClient } from "./calls/take-client.ts";
import { traceMethod } from "./calls/trace-method.ts";
import type { TracedCall } from "./calls/traced-call.ts";
import { CHAT, FIM } from "./mistral/chat.ts";
import { CONVERSATION, EMBEDDING, plainCall } from "./mistral/other-calls.ts";

const OCR = plainCall("read document", "llm");
const TRANSCRIPTION = plainCall("transcribe", "llm");
const SPEECH = plainCall("speak", "llm");
const MODERATION = plainCall("moderate", "guardrail");
const BATCH = plainCall("create batch", "task");

/** Where the client has its methods. */
const METHODS: readonly (readonly [place: string, methods: readonly string[], Endpoint])[] = [
  ["chat", ["complete", "stream", "parse", "parseStream"], CHAT],
  ["agents", ["complete", "stream"], CHAT],
  ["fim", ["complete", "stream"], FIM],
  ["embeddings", ["create"], EMBEDDING],
  ["ocr", ["process"], OCR],
  ["classifiers", ["moderate", "moderateChat", "classify", "classifyChat"], MODERATION],
  ["audio.transcriptions", ["complete", "stream"], TRANSCRIPTION],
  ["audio.speech", ["complete"], SPEECH],
  ["batch.jobs", ["create"], BATCH],
  [
    "beta.conversations",
    ["start", "append", "restart", "startStream", "appendStream", "restartStream"],
    CONVERSATION,
  ],
];

const KIND: ClientKind = {
  by: "traceMistral",
  example: "new Mistral()",
  isClient: (client) => {
    const chat = fieldOf(client, "chat");
    return isObject(chat) && isMethod(chat, "complete");
  },
};

/**
 * Records the calls of a Mistral client: chats, agents, texts filled in, their streams, conversations, embeddings,
 * documents, audio, moderation, batches. The client is changed in place and returned, so that its class and type stay; so
 * do the classes of the streams that it gives. Tracing a client again changes nothing.
 *
 * Where the active span is that of a model already, such as inside a model of LangChain or the AI SDK, nothing is
 * recorded: that span is the call.
 *
 * @param client a `Mistral`
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 * @throws {RivuletError} `invalid_argument` when there is no client, or the second argument is no client of Rivulet. What
 * is a client of something else, or frozen, is reported and stays as it is.
 */
export function traceMistral<C extends object>(client: C, rivulet?: Rivulet): C {
  return takeClient({ client, rivulet }, KIND, (recorder) => {
    const trace = { rivulet: recorder, provider: "mistral", stream: followReadable };
    const traced = METHODS.flatMap(([place, methods, endpoint]) => {
      const target = place.split(".").reduce<unknown>(fieldOf, client);
      return methods.map((method) => traceMethod(target, method, { ...trace, endpoint }));
    });
    return traced.includes(true);
  });
}

function followReadable(result: object, call: TracedCall): object | undefined {
  if (!(result instanceof ReadableStream) || result.locked) return undefined;
  return tapReadable(result, observeStream(call));
}
