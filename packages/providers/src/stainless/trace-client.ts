import { type Rivulet, replaceMethod } from "@rivulet/core";
import type { Endpoint } from "../calls/endpoint.ts";
import { type Fields, fieldOf, fieldsOf, isThenable, textOf } from "../calls/read-value.ts";
import { type ClientKind, takeClient } from "../calls/take-client.ts";
import {
  describeRequest,
  failCall,
  guard,
  startCall,
  type TracedCall,
} from "../calls/traced-call.ts";
import { followPromise } from "./api-promise.ts";

/** What differs between clients that are built alike. */
export interface ClientRules {
  /** Which client it is. */
  readonly kind: ClientKind;
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
  return takeClient({ client, rivulet }, rules.kind, (recorder) => {
    if (!tracePost(client, recorder, rules)) return false;
    replaceMethod(client, "withOptions", (withOptions) => (options) => {
      const copy = withOptions(options);
      return typeof copy === "object" && copy !== null ? traceClient(copy, recorder, rules) : copy;
    });
    rules.extend(client, recorder);
    return true;
  });
}

function tracePost(client: object, rivulet: Rivulet, rules: ClientRules): boolean {
  return replaceMethod(client, "post", (post) => (path, options) => {
    const endpoint = typeof path === "string" ? rules.endpoint(path) : undefined;
    if (endpoint === undefined) return post(path, options);
    const provider = rules.provider(textOf(fieldOf(client, "baseURL")) ?? "");
    const call = startCall({ rivulet, provider }, endpoint, () => bodyOf(options));
    if (call === undefined) return post(path, options);
    describeLater(call, options);
    return runCall(call, () => post(path, options));
  });
}

function runCall(call: TracedCall, post: () => unknown): unknown {
  try {
    const promise = call.rivulet.runInSpan(call.span, post);
    guard(call, () => followPromise(promise, call));
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
    (made) => guard(call, () => describeRequest(call, bodyOf(made))),
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
