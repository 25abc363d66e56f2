import type { ErrorCode } from "@rivulet/core";
import { MOUNT_URL } from "./mount-url.ts";

/** What the API answered instead of a result. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** `network` when no answer came. */
  readonly code: ErrorCode | "network";
  readonly status: number;

  constructor(code: ErrorCode | "network", message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Values of a query string; lists become repeated params, empty ones are left out. */
export type QueryValues = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** Fills `/runs/${id}` with percent-encoded parts. */
export function at(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce(
    (path, part, index) => path + encodeURIComponent(String(values[index - 1])) + part,
  );
}

/** URL of an API path: right under every mount path. */
export function apiUrl(path: string, query: QueryValues = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== "") search.append(key, String(item));
    }
  }
  const text = search.toString();
  return `${MOUNT_URL}api/v1${path}${text === "" ? "" : `?${text}`}`;
}

/** Asks for JSON. @throws ApiError */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  return (await readJson(await send(url, signal === undefined ? {} : { signal }))) as T;
}

/** Sends JSON. @throws ApiError */
export async function sendJson<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  body: unknown = {},
): Promise<T> {
  const headers = { "content-type": "application/json" };
  return (await readJson(await send(url, { method, headers, body: JSON.stringify(body) }))) as T;
}

/** Asks for text. @throws ApiError */
export async function getText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await send(url, signal === undefined ? {} : { signal });
  return response.text();
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, credentials: "same-origin" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError("network", "The server does not answer. Is it still running?", 0);
  }
  if (!response.ok) throw await toApiError(response);
  return response;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === "" ? {} : JSON.parse(text);
}

async function toApiError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = isErrorBody(body)
    ? body.error
    : { code: "internal" as const, message: `The server answered ${response.status}.` };
  return new ApiError(error.code, error.message, response.status);
}

function isErrorBody(
  body: unknown,
): body is { readonly error: { readonly code: ErrorCode; readonly message: string } } {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}
