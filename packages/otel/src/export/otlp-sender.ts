import type { OtlpJsonSpan } from "./to-otlp-span.ts";

/** Where spans are sent, and how. */
export interface OtlpTarget {
  /** The collector's address, such as `http://localhost:4318/v1/traces`. */
  readonly url: string;
  /** Headers of each request, such as `{ authorization: "Bearer …" }`. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the service is called. @default 'rivulet' */
  readonly serviceName?: string;
  /** Milliseconds after which a request counts as failed. @default 10000 */
  readonly timeoutMs?: number;
}

/** How a request has gone. */
export type Sent =
  | { readonly state: "taken"; readonly problem?: string }
  /** It may be sent again after so many milliseconds. */
  | { readonly state: "later"; readonly problem: string; readonly afterMs?: number }
  | { readonly state: "refused"; readonly problem: string };

const SCOPE = { name: "@rivulet/otel" };
/** Statuses after which OTLP says that a request may be sent again. */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Sends spans to a collector as OTLP's JSON. Never rejects. */
export async function sendSpans(
  spans: readonly OtlpJsonSpan[],
  { url, headers = {}, serviceName = "rivulet", timeoutMs = 10_000 }: OtlpTarget,
): Promise<Sent> {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: serviceName } }] };
  const body = JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: SCOPE, spans }] }],
  });
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return readAnswer(response, await response.text());
  } catch (error) {
    return { state: "later", problem: `${url} does not answer: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readAnswer({ ok, status, headers, url }: Response, body: string): Sent {
  if (ok) {
    const problem = /"errorMessage"\s*:\s*"(.+?)"/.exec(body)?.[1];
    return problem === undefined ? { state: "taken" } : { state: "taken", problem };
  }
  const problem = `${url} answered ${status}: ${body.slice(0, 200)}`;
  if (!AGAIN.has(status)) return { state: "refused", problem };
  const seconds = Number(headers.get("retry-after"));
  return { state: "later", problem, ...(seconds > 0 ? { afterMs: seconds * 1_000 } : {}) };
}
