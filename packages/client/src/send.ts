import type { ErrorCode } from "@rivulet/core";
import { RivuletError } from "@rivulet/domain/errors";
import type { ClientArtifactInput } from "./client.ts";
import { type ClientOptions, checkOptions } from "./client-options.ts";
import { foreignAnswer } from "./foreign-answer.ts";

/** A request below `/api/v1`. */
export interface ApiRequest {
  /** The HTTP method. */
  readonly method: string;
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly file?: {
    readonly content: ClientArtifactInput["content"];
    readonly contentType?: string | undefined;
  };
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
}

/** Access to the API. */
export interface Api {
  /** URL of a path below `/api/v1`. */
  readonly urlOf: (path: string) => string;
  /** Sends a request. @throws RivuletError what the API answers; `store_unavailable` when nobody answers; `aborted` */
  readonly send: (request: ApiRequest) => Promise<Answer>;
}

/** An answer whose body is still on its way. Its readers reject with `store_unavailable` when it is cut off. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number;
  /** The whole body as text. */
  readonly text: () => Promise<string>;
  /** The whole body as bytes with their type. */
  readonly blob: () => Promise<Blob>;
}

/** Creates the access to the API of a mount. */
export function reachApi(options: ClientOptions): Api {
  const { baseUrl, token, fetch: given } = checkOptions(options);
  const base = `${baseUrl.replace(/\/+$/, "")}/api/v1`;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const send: Api["send"] = async ({ method, path, json, file, signal }) => {
    const { body, type } = bodyOf(json, file);
    const init: RequestInit = {
      method,
      headers: { ...authorization, ...(type === undefined ? {} : { "content-type": type }) },
      credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    };
    const response = await answerTo(() => (given ?? fetch)(base + path, init), { base, signal });
    const answer = toAnswer(response, { method, path, signal });
    if (!response.ok) throw await toError(answer);
    return answer;
  };
  return { send, urlOf: (path) => base + path };
}

function bodyOf(
  json: unknown,
  file: ApiRequest["file"],
): { readonly body?: ClientArtifactInput["content"]; readonly type?: string | undefined } {
  if (file !== undefined) {
    if (!isContent(file.content)) {
      const message = "artifact.content: must be text or bytes, such as JSON.stringify(value)";
      throw new RivuletError("invalid_argument", message, {
        details: { field: "artifact.content" },
      });
    }
    return { body: file.content, type: file.contentType };
  }
  return json === undefined ? {} : { body: jsonText(json), type: "application/json" };
}

/** What else `fetch` takes, it would turn into text. */
function isContent(content: unknown): boolean {
  if (typeof content === "string" || content instanceof Blob) return true;
  return content instanceof ArrayBuffer || ArrayBuffer.isView(content);
}

/** JSON has no NaN and no infinities: they are sent by name. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" && !Number.isFinite(part) ? String(part) : part,
  );
}

async function answerTo(
  ask: () => Promise<Response>,
  { base, signal }: { readonly base: string; readonly signal: AbortSignal | undefined },
): Promise<Response> {
  try {
    return await ask();
  } catch (cause) {
    if (signal?.aborted === true) throw endedBySignal(cause);
    const message = `Nobody answers at ${base}. Is the server still running?`;
    throw new RivuletError("store_unavailable", message, { cause, details: { answered: false } });
  }
}

type Sent = Pick<ApiRequest, "method" | "path" | "signal">;

function toAnswer(response: Response, sent: Sent): Answer {
  const { status } = response;
  return {
    status,
    text: () => response.text().catch((cause: unknown) => cutOff(cause, sent)),
    blob: () => response.blob().catch((cause: unknown) => cutOff(cause, sent)),
  };
}

function cutOff(cause: unknown, { method, path, signal }: Sent): never {
  if (signal?.aborted === true) throw endedBySignal(cause);
  const message = `The answer to ${method} ${path} was cut off: the connection ended before its body did. Whether the call took effect is not known.`;
  throw new RivuletError("store_unavailable", message, {
    cause,
    details: { method, path, answered: false },
  });
}

function endedBySignal(cause: unknown): RivuletError {
  return new RivuletError("aborted", "The call was ended by its signal.", { cause });
}

async function toError(answer: Answer): Promise<RivuletError> {
  const body = parsed(await answer.text());
  if (!isErrorBody(body)) return foreignAnswer(answer);
  const { code, message, details = {} } = body.error;
  return new RivuletError(code, message, { details });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details?: RivuletError["details"];
  };
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}
