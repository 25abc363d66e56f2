import type { Rivulet } from "@rivulet/core";
import { defaultRivulet } from "./calls/default-client.ts";
import { markTraced } from "./calls/own-methods.ts";
import { fieldOf } from "./calls/read-value.ts";
import { observeStream, tapIterators } from "./calls/stream-tap.ts";
import { traceMethod } from "./calls/trace-method.ts";
import type { TracedCall } from "./calls/traced-call.ts";
import { CHAT, EMBEDDING, GENERATE } from "./ollama/calls.ts";

const METHODS = {
  chat: CHAT,
  generate: GENERATE,
  embed: EMBEDDING,
  embeddings: EMBEDDING,
} as const;

/**
 * Records the calls of an Ollama client: chats, generated texts, their streams, embeddings. The client is changed in place
 * and returned, so that its class and type stay; so do the streams that it gives. Tracing a client again changes nothing.
 *
 * Where the active span is that of a model already, such as inside a model of LangChain or the AI SDK, nothing is
 * recorded: that span is the call.
 *
 * @param client an `Ollama`, such as the one that the package `ollama` exports
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 */
export function traceOllama<C extends object>(client: C, rivulet?: Rivulet): C {
  const recorder = rivulet ?? defaultRivulet();
  if (!markTraced(client)) return client;
  for (const [name, endpoint] of Object.entries(METHODS))
    traceMethod(client, name, {
      rivulet: recorder,
      provider: "ollama",
      endpoint,
      stream: followIterator,
    });
  return client;
}

/** Both the stream and what it reads from can be stopped; the app reads the stream. */
function followIterator(result: object, call: TracedCall): object | undefined {
  if (typeof Reflect.get(result, Symbol.asyncIterator) !== "function") return undefined;
  const signal = fieldOf(fieldOf(result, "abortController"), "signal");
  tapIterators(result, Symbol.asyncIterator, observeStream(call, signal));
  return result;
}
