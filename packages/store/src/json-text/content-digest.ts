import { hash } from "node:crypto";
import type { JsonValue } from "@rivulet/domain";

/** JSON with sorted keys: equal values give equal text. */
function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, inner: JsonValue) =>
    isObject(inner) ? sortKeys(inner) : inner,
  );
}

/** Hex SHA-256 of the canonical JSON: equal values have equal digests everywhere. */
export function contentDigest(value: JsonValue): string {
  return hash("sha256", canonicalJson(value));
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortKeys(value: { readonly [key: string]: JsonValue }): JsonValue {
  // Compares code units instead of using a locale: the digest must not depend on the machine's language.
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}
