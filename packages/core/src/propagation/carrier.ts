/** Something with a `get`, such as `Headers` or a `Map`. */
export interface HeadersLike {
  /** The value of this name; headers ignore its case. */
  get(name: string): unknown;
}

/**
 * Where one service writes for the next: headers of HTTP (`Headers`, or Node's with lists in them), of a message of a
 * queue (text or bytes), `_meta` of MCP, or environment variables (`TRACEPARENT`).
 */
export type TraceCarrier = HeadersLike | object | null | undefined;

/** The text under a name, in whatever case it is written; `undefined` when there is none. Never throws. */
export function readCarrier(carrier: TraceCarrier, name: string): string | undefined {
  try {
    return textOf(isHeadersLike(carrier) ? carrier.get(name) : memberOf(carrier, name));
  } catch {
    return undefined;
  }
}

function isHeadersLike(carrier: TraceCarrier): carrier is HeadersLike {
  return typeof (carrier as Partial<HeadersLike> | null | undefined)?.get === "function";
}

function memberOf(carrier: TraceCarrier, name: string): unknown {
  if (typeof carrier !== "object" || carrier === null) return undefined;
  const fields = carrier as Readonly<Record<string, unknown>>;
  if (fields[name] !== undefined) return fields[name];
  const key = Object.keys(fields).find((other) => other.toLowerCase() === name);
  return key === undefined ? undefined : fields[key];
}

/** A header's value as text: queues give bytes, Node gives lists. Several values are one list, as HTTP has it. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (!Array.isArray(value)) return undefined;
  const texts = value.map(textOf).filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(",");
}
