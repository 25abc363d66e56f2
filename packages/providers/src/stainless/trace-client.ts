import type { Rivulet } from "@rivulet/core";
import { defaultRivulet } from "../calls/default-client.ts";
import type { Endpoint } from "../calls/endpoint.ts";
import { markTraced, replaceMethod } from "../calls/own-methods.ts";
import { type Fields, fieldOf, fieldsOf, isThenable } from "../calls/read-value.ts";
import { describeRequest, failCall, startCall, type TracedCall } from "../calls/traced-call.ts";
import { followPromise } from "./api-promise.ts";

/** What differs between clients that are built alike. */
export interface ClientRules {
  /** The provider behind a client, by the address it calls. */
  readonly provider: (baseUrl: string) => string;
  /** What is called at a path; `undefined` for what is not recorded. */
  readonly endpoint: (path: string) => Endpoint | undefined;
  /** What the client has besides its calls. */
  readonly extend: (client: object, rivulet: Rivulet) => void;
}

/** Traces a client of OpenAI or Anthropic in place: each of its calls goes through its `post`. */
export function traceClient<C extends object>(
  client: C,
  rivulet: Rivulet | undefined,
  rules: ClientRules,
): C {
  const recorder = rivulet ?? defaultRivulet();
  if (!markTraced(client)) return client;
  const isClient = replaceMethod(client, "post", (post) => (path, options) => {
    const endpoint = typeof path === "string" ? rules.endpoint(path) : undefined;
    if (endpoint === undefined) return post(path, options);
    const provider = rules.provider(String(fieldOf(client, "baseURL")));
    const call = startCall({ rivulet: recorder, provider }, endpoint, bodyOf(options));
    if (call === undefined) return post(path, options);
    describeLater(call, options);
    return runCall(call, () => post(path, options));
  });
  if (!isClient) {
    recorder.reportError(
      new TypeError("This is no client of that provider: it has no method post."),
    );
    return client;
  }
  replaceMethod(client, "withOptions", (withOptions) => (options) => {
    const copy = withOptions(options);
    return typeof copy === "object" && copy !== null ? traceClient(copy, recorder, rules) : copy;
  });
  rules.extend(client, recorder);
  return client;
}

function runCall(call: TracedCall, post: () => unknown): unknown {
  try {
    const promise = call.rivulet.runInSpan(call.span, post);
    followPromise(promise, call);
    return promise;
  } catch (error) {
    failCall(call, error);
    throw error;
  }
}

/** Files are uploaded as forms, which are made later. */
function describeLater(call: TracedCall, options: unknown): void {
  if (!isThenable(options)) return;
  options.then(
    (made) => describeRequest(call, bodyOf(made)),
    () => undefined,
  );
}

function bodyOf(options: unknown): Fields {
  const body = fieldOf(options, "body");
  if (!(body instanceof FormData)) return fieldsOf(body);
  const fields: Record<string, unknown> = {};
  for (const [name, value] of body.entries())
    fields[name] =
      typeof value === "string"
        ? value
        : { name: value.name, mediaType: value.type, size: value.size };
  return fields;
}
