import type { Rivulet } from "@rivulet/core";
import { defaultRivulet } from "./calls/default-client.ts";
import type { Endpoint } from "./calls/endpoint.ts";
import { markTraced } from "./calls/own-methods.ts";
import { fieldOf } from "./calls/read-value.ts";
import { observeStream, tapIterator } from "./calls/stream-tap.ts";
import { traceMethod } from "./calls/trace-method.ts";
import type { TracedCall } from "./calls/traced-call.ts";
import { traceFunctionCalling } from "./google/function-calling.ts";
import { BATCH, CONTENT, EMBEDDING, MEDIA } from "./google/generate-content.ts";

/**
 * Through these the client sends its requests, each once: what it offers to apps may send several, for functions that it
 * calls itself and answers that go on. They are no part of its public interface: where a version lacks one, the public
 * method of the same name is traced.
 */
const METHODS: Readonly<Record<string, Endpoint>> = {
  generateContent: CONTENT,
  generateContentStream: CONTENT,
  embedContent: EMBEDDING,
  generateImages: MEDIA,
  editImage: MEDIA,
  upscaleImage: MEDIA,
  generateVideos: { ...MEDIA, operation: "video" },
};

/**
 * Records the calls of a `GoogleGenAI`: generated content and its streams, chats, functions that the client calls itself,
 * embeddings, images, videos, batches. The client is changed in place and returned, so that its class and type stay; so
 * do the streams that it gives. Tracing a client again changes nothing.
 *
 * Where the active span is that of a model already, such as inside a model of LangChain or the AI SDK, nothing is
 * recorded: that span is the call.
 *
 * @param client a `GoogleGenAI`
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 */
export function traceGoogleGenAI<C extends object>(client: C, rivulet?: Rivulet): C {
  const recorder = rivulet ?? defaultRivulet();
  if (!markTraced(client)) return client;
  const provider = fieldOf(client, "vertexai") === true ? "vertex" : "google";
  const models = fieldOf(client, "models");
  for (const [name, endpoint] of Object.entries(METHODS)) {
    const trace = { rivulet: recorder, provider, endpoint, stream: followGenerator };
    if (!traceMethod(models, `${name}Internal`, trace)) traceMethod(models, name, trace);
  }
  if (typeof models === "object" && models !== null) traceFunctionCalling(models, recorder);
  traceMethod(fieldOf(client, "batches"), "create", {
    rivulet: recorder,
    provider,
    endpoint: BATCH,
  });
  return client;
}

function followGenerator(result: object, call: TracedCall): object | undefined {
  if (typeof fieldOf(result, "next") !== "function") return undefined;
  tapIterator(result, observeStream(call));
  return result;
}
