import { replaceInText, replaceObject, replacePlain, replaceText } from "../media/find-media.ts";
import type { MediaKeeper, StandIn } from "../media/media-keeper.ts";
import { maskSecretText } from "../secrets/secrets.ts";
import { CUTS, cutFields, cutList } from "./cuts.ts";
import { describeFunction, describeObject, unreadable } from "./describe-object.ts";
import { asSecret, type FieldName, fieldName, type NameOfField, namesIn } from "./field-name.ts";
import { JsonText, quote } from "./json-text.ts";
import { followsSecretName, pairForm } from "./secret-places.ts";
import {
  beginWalk,
  count,
  cutsMore,
  type FieldTexts,
  isMasked,
  joinMasks,
  keptText,
  shownName,
  TooLarge,
  type Walk,
  type WalkRules,
} from "./walk.ts";

/** Options of {@link createEncoder}. */
export interface EncoderOptions {
  /** Replaces what looks like a credential. */
  readonly maskSecrets: boolean;
  /** Replaces what else must not be in a text, of any field; after the masking of secrets. Must not throw. */
  readonly maskText?: ((text: string) => string) | undefined;
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
const NO_TEXTS: FieldTexts = { names: [], values: [] };

/** An {@link Encode}: one walk makes readable what JSON cannot carry, masks, and serialises. */
export function createEncoder(options: EncoderOptions): Encode {
  const rules = rulesOf(options);
  return (value, key) => {
    if (isJsonText(value)) return value;
    let last: Walk | undefined;
    for (const cut of CUTS) {
      if (last !== undefined && !cutsMore(cut, last)) continue;
      const walk = beginWalk(rules, cut);
      const json = attempt(walk, value, key);
      if (json !== TOO_LARGE) return json;
      last = walk;
    }
    const { maxSize } = rules;
    return new JsonText(quote(`[left out: more than ${maxSize} characters of JSON after cutting]`));
  };
}

function rulesOf({
  maskSecrets,
  maskText,
  maxNodes = MAX_NODES,
  maxSize = Number.POSITIVE_INFINITY,
  media,
}: EncoderOptions): WalkRules {
  const mask = joinMasks(maskSecrets ? maskSecretText : undefined, maskText);
  return { maskSecrets, maskText, mask, maxNodes, maxSize, media };
}

const TOO_LARGE: unique symbol = Symbol("too large");

function attempt(walk: Walk, value: unknown, key: string): JsonText | undefined | typeof TOO_LARGE {
  try {
    const json = encode(walk, value, fieldName(key));
    const { fields, files } = walk;
    if (json === undefined) return undefined;
    const text = new JsonText(json, fields?.names, fields?.values);
    return files.size === 0 ? text : text.withFiles([...files.values()]);
  } catch (error) {
    if (error instanceof TooLarge) return TOO_LARGE;
    throw error;
  }
}

function encode(walk: Walk, value: unknown, key: FieldName): string | undefined {
  walk.nodes++;
  // A comma, a bracket, a short number: what is longer is counted where it is made.
  count(walk, 2);
  switch (typeof value) {
    case "string":
      return encodeText(walk, value, key);
    case "number":
      return isMasked(walk, key) ? encodeText(walk, String(value), key) : encodeNumber(walk, value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : encodeObject(walk, value, key);
    case "bigint":
      return encodeText(walk, String(value), key);
    case "function":
      return encodeText(walk, describeFunction(value as { readonly name: unknown }), key);
    case "symbol":
      return encodeText(walk, String(value), key);
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

function encodeNumber(walk: Walk, value: number): string {
  const text = String(value);
  count(walk, text.length);
  return Number.isFinite(value) ? text : quote(text);
}

function encodeText(walk: Walk, text: string, key: FieldName): string | undefined {
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
  { key, media }: { readonly key: FieldName; readonly media: MediaKeeper },
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

function encodeStandIn(walk: Walk, { part, file }: StandIn, key: FieldName): string | undefined {
  if (file !== undefined) walk.files.set(file.hash, file);
  return encode(walk, part, key);
}

function encodeObject(walk: Walk, value: object, key: FieldName): string | undefined {
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

function encodeList(walk: Walk, whole: readonly unknown[], key: FieldName): string {
  const { cut, longest } = walk;
  if (whole.length > longest.items) longest.items = whole.length;
  const list = cutList(whole, cut.items, (left): unknown => `[${left} left out]`);
  const form = pairForm(whole, key.name, walk.ancestors.at(-2));
  let json = "[";
  for (let index = 0; index < list.length; index++) {
    if (index > 0) json += ",";
    if (walk.nodes > walk.maxNodes) {
      json += quote(`[${list.length - index} more]`);
      break;
    }
    const isSecret = form !== undefined && followsSecretName(list, index, form);
    const item = isSecret ? asSecret(key) : key;
    json += encode(walk, list[index], item) ?? "null";
  }
  walk.fields = undefined;
  return `${json}]`;
}

function encodeFields(walk: Walk, value: object, key: FieldName): string | undefined {
  const isOrdinary = isPlain(value) && !("toJSON" in value);
  const standIn = isMasked(walk, key) ? undefined : standInOf(walk, value, isOrdinary);
  const described = standIn?.part ?? (isOrdinary ? undefined : describeObject(value));
  if (described === undefined || described === value) {
    return encodeOwnFields(walk, value as Readonly<Record<string, unknown>>, key);
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

function encodeOwnFields(walk: Walk, fields: Fields, key: FieldName): string {
  const { cut, longest } = walk;
  const all = Object.keys(fields);
  const nameOfField = namesIn(fields, isMasked(walk, key));
  if (all.length > longest.items) longest.items = all.length;
  if (all.length <= cut.items) return encodeNamed(walk, fields, { all, nameOfField });
  const kept = cutFields(fields, all, cut.items);
  return encodeNamed(walk, kept, { all: Object.keys(kept), nameOfField });
}

type Fields = Readonly<Record<string, unknown>>;

interface Names {
  readonly all: readonly string[];
  readonly nameOfField: NameOfField;
}

function encodeNamed(walk: Walk, fields: Fields, { all, nameOfField }: Names): string {
  const kept: KeptFields | undefined =
    walk.ancestors.length === walk.top ? { names: [], values: [] } : undefined;
  let json = "";
  let left = all.length;
  for (const name of all) {
    if (walk.nodes > walk.maxNodes) break;
    left -= 1;
    const value = fields[name];
    const field = nameOfField(name);
    const shown = shownName(walk, field);
    const encoded = value === undefined ? undefined : encode(walk, value, field);
    if (encoded === undefined) continue;
    count(walk, shown.json.length);
    // Pieces are only ever added: to look into what is there so far would copy it.
    json += before(json) + shown.json + encoded;
    keep(kept, shown.name, encoded);
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

/** What stands before the next field. */
function before(json: string): string {
  return json === "" ? "{" : ",";
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
