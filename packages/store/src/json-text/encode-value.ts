import { messageOf } from "@rivulet/domain";
import { replaceInText, replaceObject, replacePlain, replaceText } from "../media/find-media.ts";
import type { MediaFile, MediaKeeper, StandIn } from "../media/media-keeper.ts";
import { CUTS, type Cut, cutList, cutMasked, cutText } from "./cuts.ts";
import { describeObject } from "./describe-object.ts";
import { JsonText, quote } from "./json-text.ts";
import { isSecretKey, MASKED, maskSecretText } from "./secrets.ts";

/** Options of {@link createEncoder}. */
export interface EncoderOptions {
  /** Replaces what looks like a credential. */
  readonly maskSecrets: boolean;
  /** Number of nested values after which the rest is omitted, so that no value takes long. @default 50000 */
  readonly maxNodes?: number;
  /**
   * Characters of JSON after which long strings, then long lists, keep only their ends. What takes long is not the
   * value, but what is kept of it. @default any number
   */
  readonly maxSize?: number;
  /** Takes bytes out of the value: what stands for them refers to the files of the text. @default they are described */
  readonly media?: MediaKeeper | undefined;
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
const NO_TEXTS: FieldTexts = { names: [], values: [] };

interface Walk {
  readonly maskSecrets: boolean;
  readonly maxNodes: number;
  readonly maxSize: number;
  readonly media: MediaKeeper | undefined;
  readonly files: Map<string, MediaFile>;
  readonly cut: Cut;
  readonly ancestors: object[];
  /** How many of them stand for the value itself: something that is described is an object in an object. */
  top: number;
  nodes: number;
  /** Characters so far. */
  size: number;
  /** The longest string, and the longest list, so far. */
  longest: { text: number; items: number };
  /** Names and values of the fields of what was encoded last, when it was an object. */
  fields: FieldTexts | undefined;
}

interface FieldTexts {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** It grows larger than it may: it is tried again with harder cuts. */
class TooLarge extends Error {}

/** An {@link Encode}: one walk makes readable what JSON cannot carry, masks, and serialises. */
export function createEncoder({
  maskSecrets,
  maxNodes = MAX_NODES,
  maxSize = Number.POSITIVE_INFINITY,
  media,
}: EncoderOptions): Encode {
  return (value, key) => {
    if (isJsonText(value)) return value;
    let last: Walk | undefined;
    for (const cut of CUTS) {
      if (last !== undefined && !cutsMore(cut, last)) continue;
      const walk: Walk = {
        maskSecrets,
        maxNodes,
        maxSize,
        media,
        files: new Map(),
        cut,
        ancestors: [],
        top: 1,
        nodes: 0,
        size: 0,
        longest: { text: 0, items: 0 },
        fields: undefined,
      };
      const json = attempt(walk, value, key);
      if (json !== TOO_LARGE) return json;
      last = walk;
    }
    return new JsonText(quote(`[left out: more than ${maxSize} characters of JSON after cutting]`));
  };
}

const TOO_LARGE: unique symbol = Symbol("too large");

function attempt(walk: Walk, value: unknown, key: string): JsonText | undefined | typeof TOO_LARGE {
  try {
    const json = encode(walk, value, keyOf(key));
    const { fields, files } = walk;
    if (json === undefined) return undefined;
    const text = new JsonText(json, fields?.names, fields?.values);
    return files.size === 0 ? text : text.withFiles([...files.values()]);
  } catch (error) {
    if (error instanceof TooLarge) return TOO_LARGE;
    throw error;
  }
}

/** Whether a cut leaves out any of what has made a walk too large. If not, it would end at the same place. */
function cutsMore({ text, items }: Cut, { longest }: Walk): boolean {
  return longest.text > text || longest.items > items;
}

/** Counts what was added. @throws TooLarge */
function count(walk: Walk, characters: number): void {
  walk.size += characters;
  if (walk.size > walk.maxSize) throw new TooLarge();
}

function encode(walk: Walk, value: unknown, key: Key): string | undefined {
  walk.nodes++;
  // A comma, a bracket, a short number: what is longer is counted where it is made.
  count(walk, 2);
  switch (typeof value) {
    case "string":
      return encodeText(walk, value, key);
    case "number":
      return encodeNumber(walk, value);
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

function encodeNumber(walk: Walk, value: number): string {
  const text = String(value);
  count(walk, text.length);
  return Number.isFinite(value) ? text : quote(text);
}

function encodeText(walk: Walk, text: string, key: Key): string | undefined {
  if (walk.media !== undefined && text.length >= walk.media.smallestText && !isMasked(walk, key)) {
    return encodeLongText(walk, text, { key, media: walk.media });
  }
  const json = quote(keptText(walk, text, key));
  count(walk, json.length);
  return json;
}

/** It may be bytes, or have some in it. */
function encodeLongText(
  walk: Walk,
  text: string,
  { key, media }: { readonly key: Key; readonly media: MediaKeeper },
): string | undefined {
  const holder = walk.ancestors.at(-1);
  const found = replaceText(media, text, { key: key.name, holder });
  if (found !== undefined) return encodeStandIn(walk, found, key);
  const inner = replaceInText(media, text);
  for (const file of inner?.files ?? []) walk.files.set(file.hash, file);
  const json = quote(keptText(walk, inner?.text ?? text, key));
  count(walk, json.length);
  return json;
}

function encodeStandIn(walk: Walk, { part, file }: StandIn, key: Key): string | undefined {
  if (file !== undefined) walk.files.set(file.hash, file);
  return encode(walk, part, key);
}

function isMasked({ maskSecrets }: Walk, { isSecret }: Key): boolean {
  return maskSecrets && isSecret;
}

function keptText(walk: Walk, text: string, key: Key): string {
  const { cut, longest, maskSecrets } = walk;
  if (maskSecrets && key.isSecret && text.length > 0) return MASKED;
  if (text.length > longest.text) longest.text = text.length;
  // To mask and quote what is too long anyway would take long.
  if (walk.size + Math.min(text.length, cut.text) > walk.maxSize) throw new TooLarge();
  if (!maskSecrets || text.length < SHORTEST_SECRET) return cutText(text, cut.text);
  return cutMasked(text, cut.text, maskSecretText);
}

function encodeObject(walk: Walk, value: object, key: Key): string | undefined {
  if (isJsonText(value)) {
    count(walk, value.size);
    return value.json;
  }
  if (walk.nodes > walk.maxNodes) return quote("[left out: too many values]");
  const { ancestors } = walk;
  if (ancestors.includes(value)) return quote("[circular]");
  if (ancestors.length >= MAX_DEPTH) return quote("[left out: too deep]");
  ancestors.push(value);
  try {
    return Array.isArray(value) ? encodeList(walk, value, key) : encodeFields(walk, value, key);
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    walk.fields = undefined;
    return quote(unreadable(error));
  } finally {
    ancestors.pop();
  }
}

function encodeList(walk: Walk, whole: readonly unknown[], key: Key): string {
  const { cut, longest } = walk;
  if (whole.length > longest.items) longest.items = whole.length;
  const list = cutList(whole, cut.items, (left): unknown => `[${left} left out]`);
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
  const isOrdinary = isPlain(value) && !("toJSON" in value);
  const standIn = isMasked(walk, key) ? undefined : standInOf(walk, value, isOrdinary);
  const described = standIn?.part ?? (isOrdinary ? undefined : describeObject(value));
  if (described === undefined || described === value) {
    return encodeOwnFields(walk, value as Readonly<Record<string, unknown>>);
  }
  if (walk.ancestors.length === walk.top) walk.top += 1;
  return standIn === undefined ? encode(walk, described, key) : encodeStandIn(walk, standIn, key);
}

function standInOf(
  { media, ancestors }: Walk,
  value: object,
  isOrdinary: boolean,
): StandIn | undefined {
  if (media === undefined) return undefined;
  // The value itself is the last of them.
  if (!isOrdinary) return replaceObject(media, value, ancestors.at(-2));
  const fields = value as Readonly<Record<string, unknown>>;
  const { type } = fields;
  return type === "media" || type === "Buffer" ? replacePlain(media, fields) : undefined;
}

function encodeOwnFields(walk: Walk, fields: Readonly<Record<string, unknown>>): string {
  const { cut, longest } = walk;
  const all = Object.keys(fields);
  if (all.length > longest.items) longest.items = all.length;
  if (all.length <= cut.items) return encodeNamed(walk, fields, all);
  const kept = cutFields(fields, all, cut.items);
  return encodeNamed(walk, kept, Object.keys(kept));
}

function encodeNamed(
  walk: Walk,
  fields: Readonly<Record<string, unknown>>,
  all: readonly string[],
): string {
  const kept: KeptFields | undefined =
    walk.ancestors.length === walk.top ? { names: [], values: [] } : undefined;
  let json = "";
  let left = all.length;
  for (const name of all) {
    if (walk.nodes > walk.maxNodes) break;
    left -= 1;
    const value = fields[name];
    const field = keyOf(name);
    const encoded = value === undefined ? undefined : encode(walk, value, field);
    if (encoded === undefined) continue;
    count(walk, field.json.length);
    // Pieces are only ever added: to look into what is there so far would copy it.
    json += before(json) + field.json + encoded;
    keep(kept, name, encoded);
  }
  if (left > 0) {
    const note = `[${left} more]`;
    json += `${before(json)}${quote(note)}:null`;
    keep(kept, note, "null");
  }
  walk.fields = json === "" || kept === undefined ? NO_TEXTS : kept;
  return json === "" ? "{}" : `${json}}`;
}

/** Only what is asked for its fields keeps them. */
interface KeptFields {
  readonly names: string[];
  readonly values: string[];
}

function keep(kept: KeptFields | undefined, name: string, json: string): void {
  kept?.names.push(name);
  kept?.values.push(json);
}

/** The fields at both ends of an object, and a note between them. */
function cutFields(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
  length: number,
): Readonly<Record<string, unknown>> {
  const kept = cutList(names, length, (left) => `[${left} left out]`);
  // A field of one's own named __proto__ is a field like others.
  return Object.fromEntries(
    kept.map((name) => [name, Object.hasOwn(fields, name) ? fields[name] : null]),
  );
}

/** What stands before the next field. */
function before(json: string): string {
  return json === "" ? "{" : ",";
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What is known about a field's name. */
interface Key {
  readonly name: string;
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
  const key = { name, json: `${JSON.stringify(name)}:`, isSecret: isSecretKey(name) };
  if (known.size < KNOWN_KEYS && name.length <= KNOWN_KEY_LENGTH) known.set(name, key);
  return key;
}
