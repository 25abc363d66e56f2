import { isReadable, type Rivulet, tapIterator, tapReadable } from "@rivulet/core";
import type { Endpoint } from "./calls/endpoint.ts";
import { observeStream } from "./calls/observe-stream.ts";
import { fieldOf, isMethod, isObject } from "./calls/read-value.ts";
import { type ClientKind, takeClient } from "./calls/take-client.ts";
import { traceMethod } from "./calls/trace-method.ts";
import type { TracedCall } from "./calls/traced-call.ts";
import { traceFunctionCalling } from "./google/function-calling.ts";
import { BATCH, CONTENT, EMBEDDING, MEDIA } from "./google/generate-content.ts";
import { INTERACTION } from "./google/interactions.ts";

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

const KIND: ClientKind = {
  by: "traceGoogleGenAI",
  example: "new GoogleGenAI({})",
  isClient: (client) => {
    const models = fieldOf(client, "models");
    return isObject(models) && isMethod(models, "generateContent");
  },
};

/**
 * Records the calls of a `GoogleGenAI`: generated content and its streams, interactions, chats, functions that the
 * client calls itself, embeddings, images, videos, batches. The client is changed in place and returned, so that its class and type stay; so
 * do the streams that it gives. Tracing a client again changes nothing.
 *
 * Where the active span is that of a model already, such as inside a model of LangChain or the AI SDK, nothing is
 * recorded: that span is the call.
 *
 * @param client a `GoogleGenAI`
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 * @throws {RivuletError} `invalid_argument` when there is no client, or the second argument is no client of Rivulet. What
 * is a client of something else, or frozen, is reported and stays as it is.
 */
export function traceGoogleGenAI<C extends object>(client: C, rivulet?: Rivulet): C {
  return takeClient({ client, rivulet }, KIND, (recorder) => {
    const provider = fieldOf(client, "vertexai") === true ? "vertex" : "google";
    const models = fieldOf(client, "models");
    const traced = Object.entries(METHODS).map(([name, endpoint]) => {
      const trace = { rivulet: recorder, provider, endpoint, stream: followGenerator };
      return traceMethod(models, `${name}Internal`, trace) || traceMethod(models, name, trace);
    });
    if (isObject(models)) traceFunctionCalling(models, recorder);
    const batch = { rivulet: recorder, provider, endpoint: BATCH };
    traceMethod(fieldOf(client, "batches"), "create", batch);
    const interaction = { rivulet: recorder, provider, endpoint: INTERACTION };
    traceMethod(interactionsOf(client), "create", { ...interaction, stream: followReadable });
    return traced.includes(true);
  });
}

function followGenerator(result: object, call: TracedCall): object | undefined {
  if (!isMethod(result, "next")) return undefined;
  return tapIterator(result, observeStream(call)) ? result : undefined;
}

/** Clients of older versions have none, and some settings of a client do not allow them. */
function interactionsOf(client: object): unknown {
  try {
    return fieldOf(client, "interactions");
  } catch {
    return undefined;
  }
}

function followReadable(result: object, call: TracedCall): object | undefined {
  return isReadable(result) ? tapReadable(result, observeStream(call)) : undefined;
}
