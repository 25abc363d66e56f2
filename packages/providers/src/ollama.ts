import { type Rivulet, tapIterators } from "@rivulet/core";
import { observeStream } from "./calls/observe-stream.ts";
import { fieldOf, isMethod } from "./calls/read-value.ts";
import { type ClientKind, takeClient } from "./calls/take-client.ts";
import { traceMethod } from "./calls/trace-method.ts";
import type { TracedCall } from "./calls/traced-call.ts";
import { CHAT, EMBEDDING, GENERATE } from "./ollama/calls.ts";

const METHODS = {
  chat: CHAT,
  generate: GENERATE,
  embed: EMBEDDING,
  embeddings: EMBEDDING,
} as const;

const KIND: ClientKind = {
  by: "traceOllama",
  example: "new Ollama()",
  isClient: (client) => isMethod(client, "chat") && isMethod(client, "generate"),
};

/**
 * Records the calls of an Ollama client: chats, generated texts, their streams, embeddings. The client is changed in place
 * and returned, so that its class and type stay; so do the streams that it gives. Tracing a client again changes nothing.
 *
 * Where the active span is that of a model already, such as inside a model of LangChain or the AI SDK, nothing is
 * recorded: that span is the call.
 *
 * @param client an `Ollama`, such as the one that the package `ollama` exports
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 * @throws {RivuletError} `invalid_argument` when there is no client, or the second argument is no client of Rivulet. What
 * is a client of something else, or frozen, is reported and stays as it is.
 */
export function traceOllama<C extends object>(client: C, rivulet?: Rivulet): C {
  return takeClient({ client, rivulet }, KIND, (recorder) => {
    const trace = { rivulet: recorder, provider: "ollama", stream: followIterator };
    const traced = Object.entries(METHODS).map(([name, endpoint]) =>
      traceMethod(client, name, { ...trace, endpoint }),
    );
    return traced.includes(true);
  });
}

/** Both the stream and what it reads from can be stopped; the app reads the stream. */
function followIterator(result: object, call: TracedCall): object | undefined {
  if (!isMethod(result, Symbol.asyncIterator)) return undefined;
  const signal = fieldOf(fieldOf(result, "abortController"), "signal");
  return tapIterators(result, Symbol.asyncIterator, observeStream(call, signal))
    ? result
    : undefined;
}
