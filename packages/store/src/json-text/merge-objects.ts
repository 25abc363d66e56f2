import type { JsonObject } from "@rivulet/domain";
import { createEncoder } from "./encode-value.ts";
import { JsonText } from "./json-text.ts";

/** Both were bounded when they were made. */
const encode = createEncoder({ maskSecrets: false, maxNodes: Number.POSITIVE_INFINITY });

/** Merges two objects; fields of `added` win. */
export function mergeObjects(known: JsonText, added: JsonText): JsonText {
  const { keys: knownKeys = [] } = known;
  const { keys: addedKeys = [] } = added;
  if (knownKeys.length === 0) return added;
  if (addedKeys.length === 0) return known;
  if (addedKeys.some((key) => knownKeys.includes(key))) return replaceFields(known, added);
  const json = `${known.json.slice(0, -1)},${added.json.slice(1)}`;
  return new JsonText(json, [...knownKeys, ...addedKeys]);
}

function replaceFields(known: JsonText, added: JsonText): JsonText {
  const fields = [known, added].flatMap((object) => Object.entries(object.parse() as JsonObject));
  return encode(Object.fromEntries(fields), "") ?? known;
}
