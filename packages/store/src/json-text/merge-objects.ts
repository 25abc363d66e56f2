import type { JsonObject } from "@rivulet/domain";
import { JsonText } from "./json-text.ts";

const NONE: readonly string[] = [];

/** Merges two objects; where both have a field, that of `added` wins. What the fields hold is not parsed. */
export function mergeObjects(known: JsonText, added: JsonText): JsonText {
  const { keys: knownKeys = NONE } = known;
  const { keys: addedKeys = NONE } = added;
  if (knownKeys.length === 0) return added;
  if (addedKeys.length === 0) return known;
  if (addedKeys.some((key) => knownKeys.includes(key))) return replaceFields(known, added);
  const json = `${known.json.slice(0, -1)},${added.json.slice(1)}`;
  return new JsonText(json, [...knownKeys, ...addedKeys], [...valuesOf(known), ...valuesOf(added)]);
}

function replaceFields(known: JsonText, added: JsonText): JsonText {
  const fields = new Map<string, string>();
  for (const object of [known, added]) {
    const values = valuesOf(object);
    for (const [index, key] of (object.keys ?? NONE).entries()) {
      fields.set(key, values[index] ?? "null");
    }
  }
  const json = [...fields].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",");
  return new JsonText(`{${json}}`, [...fields.keys()], [...fields.values()]);
}

function valuesOf(object: JsonText): readonly string[] {
  const { keys = NONE, values } = object;
  if (values !== undefined) return values;
  const parsed = object.parse() as JsonObject;
  return keys.map((key) => JSON.stringify(parsed[key] ?? null));
}
