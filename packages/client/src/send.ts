import type { ErrorCode } from "@rivulet/core";
import { RivuletError } from "@rivulet/domain/errors";
import type { ClientArtifactInput } from "./client.ts";
import { type ClientOptions, checkOptions } from "./client-options.ts";
import { type FileBody, fileBody, HALF } from "./file-body.ts";
import { foreignAnswer } from "./foreign-answer.ts";
import { unfit } from "./read-given.ts";

/** A request below `/api/v1`. */
export interface ApiRequest {
  /** The HTTP method. */
  readonly method: string;
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  /** Sent as it is: JSON text. */
  readonly json?: string;
  /** Sent as it is. */
  readonly file?: {
    readonly content: ClientArtifactInput["content"];
    readonly contentType?: string | undefined;
  };
  /** Headers besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
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
  /** The body as it comes. */
  readonly stream: () => ReadableStream<Uint8Array>;
}

/** Creates the access to the API of a mount. */
export function reachApi(options: ClientOptions): Api {
  const { baseUrl, token, fetch: given } = checkOptions(options);
  const base = `${baseUrl.replace(/\/+$/, "")}/api/v1`;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const send: Api["send"] = async ({ method, path, json, file, headers, signal }) => {
    const { body, type, failure, end } = bodyOf(json, file);
    const init: RequestInit = {
      method,
      headers: {
        ...authorization,
        ...headers,
        ...(type === undefined ? {} : { "content-type": type }),
      },
      credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
      ...(body instanceof ReadableStream ? HALF : {}),
      ...(signal === undefined ? {} : { signal }),
    };
    const ask = (): Promise<Response> => (given ?? fetch)(base + path, init);
    const response = await answerTo(ask, { base, signal, failure }).finally(end);
    const answer = toAnswer(response, { method, path, signal });
    if (!response.ok) throw await toError(answer);
    return answer;
  };
  return { send, urlOf: (path) => base + path };
}

type File = NonNullable<ApiRequest["file"]>;

function bodyOf(
  json: string | undefined,
  file: File | undefined,
): Partial<FileBody> & { readonly type?: string | undefined } {
  if (file !== undefined) {
    const { content, contentType } = file;
    if (contentType !== undefined && !isHeader(contentType))
      throw unfit("artifact.contentType", "must be a MIME type such as 'text/plain'");
    return { ...fileBody(content), type: contentType };
  }
  return json === undefined ? {} : { body: json, type: "application/json" };
}

function isHeader(value: unknown): boolean {
  return typeof value === "string" && /^[\x20-\x7e]+$/.test(value);
}

interface Asked {
  readonly base: string;
  readonly signal: AbortSignal | undefined;
  readonly failure: FileBody["failure"] | undefined;
}

async function answerTo(
  ask: () => Promise<Response>,
  { base, signal, failure }: Asked,
): Promise<Response> {
  try {
    return await ask();
  } catch (cause) {
    if (signal?.aborted === true) throw endedBySignal(cause);
    const failed = failure?.();
    if (failed !== undefined) throw failed.cause;
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
    stream: () => checkedStream(response.body, sent),
  };
}

/** The body, whose end that comes too early is said to be one. */
function checkedStream(
  body: ReadableStream<Uint8Array> | null,
  sent: Sent,
): ReadableStream<Uint8Array> {
  const reader = body?.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await reader?.read().catch((cause: unknown) => cutOff(cause, sent));
        if (next === undefined || next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
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
