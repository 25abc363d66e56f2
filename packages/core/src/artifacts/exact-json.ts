import { RivuletError } from "@rivulet/domain";

/** Nesting depth that every JSON reader and writer handles. */
const DEEPEST = 1_000;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Keys and indexes from the root to the current value, and the objects on the way. */
interface Place {
  /** What the value is of, for the message. */
  readonly artifact: string;
  readonly path: (string | number)[];
  readonly above: Set<object>;
  /** Whether NaN and the infinities are said by their names. */
  readonly namesNonFinite: boolean;
  /** Whether there is a number that `JSON.stringify` would change. */
  hasOddNumber: boolean;
}

/**
 * The JSON text of a value, indented, from which the same value is read again. Whatever JSON would change or leave out is
 * refused with its place, such as `content.layers[3].activation`.
 *
 * @param artifact its path, for the message
 * @param options.namesNonFinite whether NaN and ±Infinity become the texts of these names, rather than being refused
 * @throws RivuletError `invalid_argument`
 */
export function exactJson(
  value: unknown,
  artifact: string,
  { namesNonFinite = false }: { readonly namesNonFinite?: boolean } = {},
): string {
  const place: Place = {
    artifact,
    path: [],
    above: new Set(),
    namesNonFinite,
    hasOddNumber: false,
  };
  try {
    check(value, place);
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    // Proxies may throw anything.
    throw unfit(place, `cannot be read${cause instanceof Error ? `: ${cause.message}` : ""}`);
  }
  return JSON.stringify(value, place.hasOddNumber ? sayNumber : undefined, 2);
}

function check(value: unknown, place: Place): void {
  switch (typeof value) {
    case "string":
    case "boolean":
      return;
    case "number":
      if (Object.is(value, -0) || !Number.isFinite(value)) place.hasOddNumber = true;
      if (!Number.isFinite(value) && !place.namesNonFinite)
        throw unfit(place, `is ${value}, which JSON cannot hold`);
      return;
    case "object":
      if (value !== null) checkObject(value, place);
      return;
    case "undefined":
      throw unfit(place, "is undefined, which JSON leaves out: leave it out, or use null");
    default:
      throw unfit(place, `is a ${typeof value}, which JSON cannot hold`);
  }
}

function checkObject(value: object, place: Place): void {
  const { path, above } = place;
  if (above.has(value)) throw unfit(place, "is one of the objects that it is in: a cycle");
  if (path.length > DEEPEST)
    throw unfit({ ...place, path: path.slice(0, 5) }, "is nested too deeply");
  above.add(value);
  if (Array.isArray(value)) checkArray(value, place);
  else checkProperties(value, place);
  above.delete(value);
}

function checkArray(value: readonly unknown[], place: Place): void {
  if (Object.keys(value).length !== value.length)
    throw unfit(place, "has holes, or properties besides its items");
  for (let index = 0; index < value.length; index += 1) checkAt(value[index], index, place);
}

function checkProperties(value: object, place: Place): void {
  if (!isPlain(value)) throw unfit(place, problemOf(value));
  for (const key of Reflect.ownKeys(value)) {
    const property = Reflect.getOwnPropertyDescriptor(value, key) ?? {};
    if (typeof key === "string") {
      place.path.push(key);
      checkProperty(property, place);
      place.path.pop();
    } else if (property.enumerable === true) {
      throw unfit(place, `has the key ${String(key)}, a symbol, which JSON leaves out`);
    }
  }
}

function checkProperty(property: PropertyDescriptor, place: Place): void {
  if (property.enumerable !== true) throw unfit(place, "is hidden, so JSON leaves it out");
  if (!("value" in property)) throw unfit(place, "is an accessor: give its value");
  if (place.path.at(-1) === "toJSON" && typeof property.value === "function")
    throw unfit(place, "is a function, which JSON calls instead");
  check(property.value, place);
}

function checkAt(value: unknown, at: number, place: Place): void {
  place.path.push(at);
  check(value, place);
  place.path.pop();
}

/** Whether it was made by `{}`, here or in another realm, or without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return true;
  return Object.hasOwn(prototype, "isPrototypeOf");
}

function problemOf(value: object): string {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  const made: unknown = value.constructor;
  const name = typeof made === "function" && made.name !== "" ? made.name : kind;
  const what = `is ${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
  if (kind === "Promise") return `${what}: await it first`;
  if (kind === "Date") return `${what}, which JSON turns into text: use its toISOString()`;
  if (ArrayBuffer.isView(value) || /ArrayBuffer$|^Blob$|^File$/.test(kind))
    return `${what}, and JSON cannot hold bytes: store them as an artifact of their own`;
  return `${what}, which JSON cannot hold`;
}

function unfit({ artifact, path }: Place, problem: string): RivuletError {
  const field = `content${path.map(stepOf).join("")}`.slice(0, 300);
  return new RivuletError(
    "invalid_argument",
    `The artifact "${artifact}" cannot be stored as it is: ${field} ${problem}.`,
    { details: { field } },
  );
}

function stepOf(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

/** `JSON.stringify` writes 0 for -0, which is another number, and null for what is not finite. */
function sayNumber(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? (JSON as unknown as RawJson).rawJSON("-0") : value;
}

/** Of ECMAScript's "JSON.parse source text access", which Node has and TypeScript does not know yet. */
interface RawJson {
  rawJSON(text: string): unknown;
}
