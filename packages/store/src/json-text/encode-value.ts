import { messageOf } from "@rivulet/domain";
import { describeObject } from "./describe-object.ts";
import { JsonText } from "./json-text.ts";
import { quote } from "./quote.ts";
import { isSecretKey, MASKED, maskSecretText } from "./secrets.ts";

/** Options of {@link createEncoder}. */
export interface EncoderOptions {
  /** Replaces what looks like a credential. */
  readonly maskSecrets: boolean;
  /** Number of nested values after which the rest is omitted, so that no value takes long. @default 50000 */
  readonly maxNodes?: number;
}

/**
 * Encodes a value as JSON text; `undefined` when it has none. Never throws.
 *
 * @param key name of the value, which may mark it as a secret
 */
export type Encode = (value: unknown, key: string) => JsonText | undefined;

/** Nesting depth beyond which nothing is encoded. */
const MAX_DEPTH = 64;
const MAX_NODES = 50_000;
/** Length of the shortest credential. */
const SHORTEST_SECRET = 15;
const NONE: readonly string[] = [];

interface Walk {
  readonly maskSecrets: boolean;
  readonly maxNodes: number;
  readonly ancestors: object[];
  nodes: number;
  /** Field names of the last encoded value, if it was an object. */
  fields: readonly string[] | undefined;
}

/** An {@link Encode} that makes readable what JSON cannot represent, masks and serialises, in a single pass. */
export function createEncoder({ maskSecrets, maxNodes = MAX_NODES }: EncoderOptions): Encode {
  return (value, key) => {
    if (isJsonText(value)) return value;
    const walk: Walk = { maskSecrets, maxNodes, ancestors: [], nodes: 0, fields: undefined };
    const json = encode(walk, value, keyOf(key));
    return json === undefined ? undefined : new JsonText(json, walk.fields);
  };
}

function encode(walk: Walk, value: unknown, key: Key): string | undefined {
  walk.nodes++;
  switch (typeof value) {
    case "string":
      return encodeText(walk, value, key);
    case "number":
      return Number.isFinite(value) ? String(value) : quote(String(value));
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : encodeObject(walk, value, key);
    case "bigint":
      return encodeText(walk, String(value), key);
    case "function":
      return quote(nameOf(value as { readonly name: unknown }));
    case "symbol":
      return quote(String(value));
    default:
      return undefined;
  }
}

/** A proxy may throw on any access, even to its prototype. */
function isJsonText(value: unknown): value is JsonText {
  try {
    return value instanceof JsonText;
  } catch {
    return false;
  }
}

function nameOf(value: { readonly name: unknown }): string {
  try {
    return `[function ${value.name || "anonymous"}]`;
  } catch {
    return "[function]";
  }
}

function unreadable(error: unknown): string {
  try {
    return `[unreadable: ${messageOf(error)}]`;
  } catch {
    return "[unreadable]";
  }
}

function encodeText(walk: Walk, text: string, key: Key): string {
  if (!walk.maskSecrets || text.length === 0) return quote(text);
  if (key.isSecret) return quote(MASKED);
  return quote(text.length < SHORTEST_SECRET ? text : maskSecretText(text));
}

function encodeObject(walk: Walk, value: object, key: Key): string | undefined {
  if (isJsonText(value)) return value.json;
  if (walk.nodes > walk.maxNodes) return quote("[left out: too many values]");
  const { ancestors } = walk;
  if (ancestors.includes(value)) return quote("[circular]");
  if (ancestors.length >= MAX_DEPTH) return quote("[left out: too deep]");
  ancestors.push(value);
  try {
    return Array.isArray(value) ? encodeList(walk, value, key) : encodeFields(walk, value, key);
  } catch (error) {
    walk.fields = undefined;
    return quote(unreadable(error));
  } finally {
    ancestors.pop();
  }
}

function encodeList(walk: Walk, list: readonly unknown[], key: Key): string {
  let json = "[";
  for (let index = 0; index < list.length; index++) {
    if (index > 0) json += ",";
    if (walk.nodes > walk.maxNodes) {
      json += quote(`[${list.length - index} more]`);
      break;
    }
    json += encode(walk, list[index], key) ?? "null";
  }
  walk.fields = undefined;
  return `${json}]`;
}

function encodeFields(walk: Walk, value: object, key: Key): string | undefined {
  const described = isPlain(value) && !("toJSON" in value) ? undefined : describeObject(value);
  if (described !== undefined && described !== value) return encode(walk, described, key);
  return encodeOwnFields(walk, value as Readonly<Record<string, unknown>>);
}

function encodeOwnFields(walk: Walk, fields: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(fields);
  let json = "";
  let left = names.length;
  for (const name of names) {
    if (walk.nodes > walk.maxNodes) break;
    left -= 1;
    const field = keyOf(name);
    const encoded = encode(walk, fields[name], field);
    // Text is only ever appended, because reading it would flatten the string.
    if (encoded !== undefined) json += before(json) + field.json + encoded;
  }
  if (left > 0) json += `${before(json)}${quote(`[${left} more]`)}:null`;
  walk.fields = json === "" ? NONE : fieldsOf(names, left);
  return json === "" ? "{}" : `${json}}`;
}

/** Separator before the next field. */
function before(json: string): string {
  return json === "" ? "{" : ",";
}

/** The names reached so far, and that of the note about the others. */
function fieldsOf(names: readonly string[], left: number): readonly string[] {
  return left === 0 ? names : [...names.slice(0, names.length - left), `[${left} more]`];
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What is known about a field's name. */
interface Key {
  /** The name as JSON, with its colon. */
  readonly json: string;
  readonly isSecret: boolean;
}

/** Names repeat endlessly; what is found out about each is cached, within bounds. */
const KNOWN_KEYS = 5_000;
const KNOWN_KEY_LENGTH = 100;
const known = new Map<string, Key>();

function keyOf(name: string): Key {
  const found = known.get(name);
  if (found !== undefined) return found;
  const key = { json: `${JSON.stringify(name)}:`, isSecret: isSecretKey(name) };
  if (known.size < KNOWN_KEYS && name.length <= KNOWN_KEY_LENGTH) known.set(name, key);
  return key;
}
