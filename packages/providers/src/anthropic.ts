import type { Rivulet } from "@rivulet/core";
import { MESSAGE_BATCH, MESSAGES } from "./anthropic/messages.ts";
import { traceToolRunner } from "./anthropic/tool-runner.ts";
import type { Endpoint } from "./calls/endpoint.ts";
import { fieldOf, isMethod, isObject } from "./calls/read-value.ts";
import type { ClientKind } from "./calls/take-client.ts";
import { traceClient } from "./stainless/trace-client.ts";

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "/v1/messages": MESSAGES,
  "/v1/messages/batches": MESSAGE_BATCH,
};

const KIND: ClientKind = {
  by: "traceAnthropic",
  example: "new Anthropic()",
  isClient: (client) => isMethod(client, "post") && isObject(fieldOf(client, "messages")),
};

/**
 * Records the calls of an Anthropic client: messages, beta messages, their streams and `messages.stream()`, tools that
 * `toolRunner` calls, batches. The client is changed in place and returned, so that its class and type stay; so do the
 * promises and streams that it gives. What it makes with `withOptions()` is traced too. Tracing a client again changes
 * nothing.
 *
 * Where the active span is that of a model already, such as inside a model of LangChain or the AI SDK, nothing is
 * recorded: that span is the call.
 *
 * @param client an `Anthropic`, or a client of that package's family for Bedrock or Vertex AI
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 * @throws {RivuletError} `invalid_argument` when there is no client, or the second argument is no client of Rivulet. What
 * is a client of something else, or frozen, is reported and stays as it is.
 */
export function traceAnthropic<C extends object>(client: C, rivulet?: Rivulet): C {
  return traceClient(client, rivulet, {
    kind: KIND,
    provider: providerOf,
    endpoint: (path) => (Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined),
    extend: traceToolRunner,
  });
}

/** Bedrock and Vertex AI have prices of their own. */
function providerOf(baseUrl: string): string {
  if (baseUrl.includes("bedrock")) return "bedrock";
  return baseUrl.includes("aiplatform.googleapis.com") ? "vertex" : "anthropic";
}
