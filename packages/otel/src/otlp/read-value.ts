import type { AttributeValue } from "../normalize/otel-span.ts";
import type { OtlpValue } from "./otlp-request.ts";

/** Values in values deeper than this are left out. */
const MAX_DEPTH = 32;
/** Attributes of one span, event or resource that are looked at. */
const MAX_ATTRIBUTES = 20_000;

/** Reads attributes: a list of `{ key, value }`. Of a name that is there twice the last counts. */
export function readAttributes(given: unknown): Record<string, AttributeValue> {
  return readFields(given, 0);
}

function readFields(given: unknown, depth: number): Record<string, AttributeValue> {
  if (!Array.isArray(given) || given.length === 0) return {};
  const entries: [string, AttributeValue][] = [];
  for (const item of given.slice(0, MAX_ATTRIBUTES) as readonly unknown[]) {
    const { key, value } = (item ?? {}) as { readonly key?: unknown; readonly value?: unknown };
    const isNamed = typeof key === "string" && key !== "";
    if (isNamed) entries.push([key, readValue(value, depth)]);
  }
  // It makes own fields of all names, `__proto__` among them.
  return Object.fromEntries(entries);
}

function readValue(given: unknown, depth: number): AttributeValue {
  if (typeof given !== "object" || given === null || depth > MAX_DEPTH) return null;
  const value = given as OtlpValue;
  if (value.stringValue !== undefined) return String(value.stringValue);
  if (value.boolValue !== undefined) return value.boolValue === true || value.boolValue === "true";
  if (value.intValue !== undefined) return readInteger(value.intValue);
  if (value.doubleValue !== undefined) return readDouble(value.doubleValue);
  return readInner(value, depth);
}

function readInner(
  { arrayValue, kvlistValue, bytesValue }: OtlpValue,
  depth: number,
): AttributeValue {
  const items = valuesOf(arrayValue);
  if (items !== undefined) return items.map((item) => readValue(item, depth + 1));
  const fields = valuesOf(kvlistValue);
  if (fields !== undefined) return readFields(fields, depth + 1);
  if (bytesValue instanceof Uint8Array) return bytesValue;
  return typeof bytesValue === "string" ? Buffer.from(bytesValue, "base64") : null;
}

function valuesOf(holder: unknown): readonly unknown[] | undefined {
  if (typeof holder !== "object" || holder === null) return undefined;
  const { values } = holder as { readonly values?: unknown };
  return Array.isArray(values) ? values : [];
}

/** A whole number; as text where a number of JavaScript would round it. */
function readInteger(given: unknown): AttributeValue {
  const number = Number(given);
  if (Number.isSafeInteger(number)) return number;
  const text = String(given);
  return /^-?\d+$/.test(text) ? text : null;
}

/** JSON spells what it has no numbers for. */
function readDouble(given: unknown): AttributeValue {
  const number = Number(given);
  return Number.isFinite(number) ? number : String(given);
}
