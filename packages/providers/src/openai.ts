import type { Rivulet } from "@rivulet/core";
import type { Endpoint } from "./calls/endpoint.ts";
import { fieldOf, isMethod, isObject } from "./calls/read-value.ts";
import type { ClientKind } from "./calls/take-client.ts";
import { CHAT, COMPLETION } from "./openai/chat.ts";
import {
  BATCH,
  EMBEDDING,
  IMAGE,
  MODERATION,
  SPEECH,
  TRANSCRIPTION,
  VIDEO,
} from "./openai/other-calls.ts";
import { providerOf } from "./openai/provider-of.ts";
import { COMPACTION, RESPONSES } from "./openai/responses.ts";
import { traceRunTools } from "./openai/run-tools.ts";
import { traceClient } from "./stainless/trace-client.ts";

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "/chat/completions": CHAT,
  "/completions": COMPLETION,
  "/responses": RESPONSES,
  "/responses/compact": COMPACTION,
  "/embeddings": EMBEDDING,
  "/images/generations": IMAGE,
  "/images/edits": IMAGE,
  "/images/variations": IMAGE,
  "/audio/transcriptions": TRANSCRIPTION,
  "/audio/translations": TRANSCRIPTION,
  "/audio/speech": SPEECH,
  "/moderations": MODERATION,
  "/videos": VIDEO,
  "/batches": BATCH,
};

const KIND: ClientKind = {
  by: "traceOpenAI",
  example: "new OpenAI()",
  isClient: (client) => isMethod(client, "post") && isObject(fieldOf(client, "chat")),
};

/**
 * Records the calls of an OpenAI client, or of one for a server like OpenAI's: chat completions, responses, their
 * streams and helpers, tools that `runTools` calls, embeddings, images, audio, moderation, videos, batches. The client
 * is changed in place and returned, so that its class and type stay; so do the promises and streams that it gives.
 * What it makes with `withOptions()` is traced too. Tracing a client again changes nothing.
 *
 * Where the active span is that of a model already, such as inside a model of LangChain or the AI SDK, nothing is
 * recorded: that span is the call.
 *
 * @param client an `OpenAI` or `AzureOpenAI` of version 5, 6 or 7 of `openai`
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 * @throws {RivuletError} `invalid_argument` when there is no client, or the second argument is no client of Rivulet. What
 * is a client of something else, or frozen, is reported and stays as it is.
 */
export function traceOpenAI<C extends object>(client: C, rivulet?: Rivulet): C {
  return traceClient(client, rivulet, {
    kind: KIND,
    provider: providerOf,
    endpoint: (path) => (Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined),
    extend: traceRunTools,
  });
}
