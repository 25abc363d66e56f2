import { messageOf } from "@rivulet/domain";

/** A readable form of objects that JSON would lose; `undefined` for those whose fields are enough. */
export function describeObject(value: object): unknown {
  if (value instanceof Error) return describeError(value);
  if (value instanceof Date) return describeDate(value);
  if (value instanceof Map) return describeMap(value);
  if (value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value)) return describeView(value);
  if (value instanceof ArrayBuffer) return `[ArrayBuffer of ${value.byteLength} bytes]`;
  if (value instanceof SharedArrayBuffer) {
    return `[SharedArrayBuffer of ${value.byteLength} bytes]`;
  }
  if (value instanceof RegExp || value instanceof URL) return String(value);
  if (value instanceof Promise) return "[Promise]";
  if (value instanceof Headers) return Object.fromEntries(value);
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === "function" ? (toJSON.call(value, "") as unknown) : undefined;
}

function describeError(error: Error): Record<string, unknown> {
  const { cause } = error;
  return {
    ...error,
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function describeDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? "[invalid Date]" : date.toISOString();
}

/** A map with string keys becomes an object, any other a list of pairs. */
function describeMap(map: ReadonlyMap<unknown, unknown>): unknown {
  const entries = [...map];
  const named = entries.every(([key]) => typeof key === "string");
  return named ? Object.fromEntries(entries as [string, unknown][]) : entries;
}

/** Vectors are kept as numbers; bytes are only counted. */
function describeView(view: ArrayBufferView): unknown {
  if (view instanceof Float32Array || view instanceof Float64Array) return Array.from(view);
  return `[${view.constructor.name} of ${view.byteLength} bytes]`;
}

/** What stands for a function. Never throws. */
export function describeFunction(value: { readonly name: unknown }): string {
  try {
    return `[function ${value.name || "anonymous"}]`;
  } catch {
    return "[function]";
  }
}

/** What stands for a value that threw when it was read. Never throws. */
export function unreadable(error: unknown): string {
  try {
    return `[unreadable: ${messageOf(error)}]`;
  } catch {
    return "[unreadable]";
  }
}
