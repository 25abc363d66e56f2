import type {
  OtelAttributes,
  OtelEvent,
  OtelLink,
  OtelScope,
  OtelSpan,
  OtelStatus,
} from "../normalize/otel-span.ts";
import { readAttributes } from "./read-value.ts";

/** A span, or why it is none. */
export interface ReadSpan {
  readonly span?: OtelSpan;
  readonly problem?: string;
}

/** Most events and links of a span that are kept. */
const MAX_EVENTS = 10_000;
/** Nanoseconds since the epoch that a date can hold. */
const LAST_TIME = 8_640_000_000_000_000_000_000n;

type Fields = Readonly<Record<string, unknown>>;

/** Reads one span of a request. */
export function readSpan(
  given: unknown,
  place: { readonly resource: OtelAttributes; readonly scope: OtelScope },
): ReadSpan {
  if (typeof given !== "object" || given === null) return { problem: "is no object" };
  const fields = given as Fields;
  const traceId = readId(fields["traceId"], 32);
  const spanId = readId(fields["spanId"], 16);
  if (traceId === undefined) return { problem: "its traceId must be 16 bytes, not all zero" };
  if (spanId === undefined) return { problem: "its spanId must be 8 bytes, not all zero" };
  const startTime = readTime(fields["startTimeUnixNano"]);
  const endTime = readTime(fields["endTimeUnixNano"]);
  if (startTime === undefined || endTime === undefined) {
    return { problem: `its times must be nanoseconds since the epoch (span ${spanId})` };
  }
  if (startTime === 0n && endTime === 0n) return { problem: `it has no time (span ${spanId})` };
  const parentSpanId = readId(fields["parentSpanId"], 16);
  return {
    span: {
      traceId,
      spanId,
      parentSpanId,
      name: textOf(fields["name"]) ?? "",
      kind: readKind(fields["kind"]),
      startTime,
      endTime,
      attributes: readAttributes(fields["attributes"]),
      events: readEvents(fields["events"], startTime),
      links: readLinks(fields["links"]),
      status: readStatus(fields["status"]),
      traceState: textOf(fields["traceState"]),
      droppedCount: readDropped(fields),
      ...place,
    },
  };
}

/** Hex in JSON, bytes in protobuf. */
function readId(given: unknown, digits: number): string | undefined {
  const id =
    given instanceof Uint8Array
      ? Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString("hex")
      : given;
  if (typeof id !== "string" || id.length !== digits || !/^[\da-f]+$/i.test(id)) return undefined;
  return /^0+$/.test(id) ? undefined : id.toLowerCase();
}

/** 0 when there is none; `undefined` when what is there is no time. */
function readTime(given: unknown): bigint | undefined {
  if (given === undefined || given === null || given === "") return 0n;
  const time = toBigInt(given);
  return time === undefined || time < 0n || time > LAST_TIME ? undefined : time;
}

function toBigInt(given: unknown): bigint | undefined {
  if (typeof given === "bigint") return given;
  if (typeof given === "number")
    return Number.isFinite(given) ? BigInt(Math.trunc(given)) : undefined;
  const text = String(given);
  return /^\d{1,22}$/.test(text) ? BigInt(text) : undefined;
}

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];

/** A number; some write the name of the constant. */
function readKind(given: unknown): number {
  if (typeof given === "string" && given.startsWith("SPAN_KIND_")) {
    return Math.max(0, KINDS.indexOf(given.slice("SPAN_KIND_".length)));
  }
  const kind = Number(given);
  return Number.isInteger(kind) && kind > 0 && kind < KINDS.length ? kind : 0;
}

const CODES: Readonly<Record<string, number>> = {
  STATUS_CODE_UNSET: 0,
  STATUS_CODE_OK: 1,
  STATUS_CODE_ERROR: 2,
};

function readStatus(given: unknown): OtelStatus {
  const { code, message } = (given ?? {}) as Fields;
  const number =
    typeof code === "string" && Object.hasOwn(CODES, code) ? CODES[code] : Number(code ?? 0);
  return { code: number, message: textOf(message) };
}

function readEvents(given: unknown, startTime: bigint): readonly OtelEvent[] {
  return objectsOf(given).map(({ name, timeUnixNano, attributes }) => {
    const time = readTime(timeUnixNano);
    return {
      name: textOf(name) ?? "",
      time: time === undefined || time === 0n ? startTime : time,
      ...(Array.isArray(attributes) && attributes.length > 0
        ? { attributes: readAttributes(attributes) }
        : {}),
    };
  });
}

function readLinks(given: unknown): readonly OtelLink[] {
  return objectsOf(given).flatMap(({ traceId: trace, spanId: span, attributes }) => {
    const traceId = readId(trace, 32);
    const spanId = readId(span, 16);
    if (traceId === undefined || spanId === undefined) return [];
    const details = readAttributes(attributes);
    return [
      { traceId, spanId, ...(Object.keys(details).length > 0 ? { attributes: details } : {}) },
    ];
  });
}

function readDropped(fields: Fields): number {
  const counts = ["droppedAttributesCount", "droppedEventsCount", "droppedLinksCount"];
  return counts.reduce((sum, name) => sum + (Number(fields[name]) || 0), 0);
}

function objectsOf(given: unknown): readonly Fields[] {
  if (!Array.isArray(given)) return [];
  return given
    .slice(0, MAX_EVENTS)
    .filter((item: unknown): item is Fields => typeof item === "object" && item !== null);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
