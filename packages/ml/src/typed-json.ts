import { RivuletError } from "@rivulet/core";

/** Name of the file of a model that is JSON. */
const FILE = "model.json";

const ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;

type ArrayName = keyof typeof ARRAYS;

/** Marks what JSON has no form for. */
const MARK = "$rivulet";

/**
 * The files of a model that says what it is with `toJSON()`, as the packages `ml-*` do: for `run.logModel`. Typed arrays,
 * NaN, ±Infinity and -0 stay what they are, which `JSON.stringify` would change.
 *
 * ```ts
 * await run.logModel("forest", toJson(forest), { modelType: "ml-random-forest" });
 * ```
 *
 * @throws RivuletError `invalid_argument` for what cannot be told as JSON, such as a function or a circle
 */
export function toJson(model: object): Readonly<Record<string, string>> {
  if (typeof model !== "object" || model === null) throw refusal([], "is no model");
  const told = "toJSON" in model && typeof model.toJSON === "function" ? model.toJSON() : model;
  return { [FILE]: JSON.stringify(encode(told, [])) };
}

/**
 * What a model said of itself, out of the bytes or the text of its `model.json`: for the `load` of its class.
 *
 * @throws RivuletError `invalid_argument` for what is no JSON
 */
export function fromJson(content: Uint8Array | string): unknown {
  try {
    const text = typeof content === "string" ? content : Buffer.from(content).toString();
    return JSON.parse(text, (_, value: unknown) => decode(value));
  } catch (cause) {
    throw new RivuletError("invalid_argument", "The file of the model is no JSON.", { cause });
  }
}

const BUILT_IN: ReadonlySet<string> = new Set([
  "ArrayBuffer",
  "SharedArrayBuffer",
  "Boolean",
  "Date",
  "Error",
  "Map",
  "Number",
  "Promise",
  "RegExp",
  "Set",
  "String",
  "WeakMap",
  "WeakSet",
]);
const UNTOLD: readonly string[] = ["function", "symbol", "bigint"];

function encode(value: unknown, path: readonly string[]): unknown {
  if (path.length > 1000) throw refusal(path, "is nested too deeply, or in a circle");
  if (typeof value === "number") return encodeNumber(value);
  if (UNTOLD.includes(typeof value)) throw refusal(path, `is a ${typeof value}`);
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return encodeArray(value, path);
  if (Array.isArray(value)) return encodeList(value, path);
  return encodeObject(value, path);
}

/** JSON would put null in place of what is missing. */
function encodeList(list: readonly unknown[], path: readonly string[]): readonly unknown[] {
  return Array.from(list, (item, at) => {
    const place = [...path, String(at)];
    if (item === undefined) throw refusal(place, "is missing in a list");
    return encode(item, place);
  });
}

function encodeObject(value: object, path: readonly string[]): unknown {
  // What has no fields, or a form of its own that nothing turns back: a buffer, a date, a map, a promise, an error.
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (BUILT_IN.has(kind)) throw refusal(path, `is a ${kind}, which JSON cannot hold`);
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return encode(value.toJSON(), [...path, "toJSON()"]);
  }
  if (MARK in value) {
    throw refusal(path, `has a field "${MARK}", which marks what JSON cannot hold`);
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, encode(inner, [...path, key])]),
  );
}

function encodeNumber(value: number): unknown {
  if (Object.is(value, -0)) return { [MARK]: "number", value: "-0" };
  return Number.isFinite(value) ? value : { [MARK]: "number", value: String(value) };
}

function encodeArray(value: ArrayBufferView, path: readonly string[]): unknown {
  const name = value.constructor.name;
  if (!Object.hasOwn(ARRAYS, name)) throw refusal(path, `is a ${name}`);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { [MARK]: name, value: bytes.toString("base64") };
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(MARK in value)) return value;
  const { [MARK]: mark, value: text } = value as Readonly<Record<string, unknown>>;
  if (mark === "number") return Number(text);
  if (typeof mark !== "string" || !Object.hasOwn(ARRAYS, mark)) return value;
  const bytes = Uint8Array.from(Buffer.from(String(text), "base64"));
  return new ARRAYS[mark as ArrayName](bytes.buffer);
}

function refusal(path: readonly string[], problem: string): RivuletError {
  const place = ["model", ...path.slice(0, 20)].join(".");
  return new RivuletError("invalid_argument", `${place}: ${problem}.`, {
    details: { field: place },
  });
}
