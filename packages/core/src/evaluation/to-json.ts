import type { JsonValue } from "../domain/json.ts";
import { createCleaner } from "../tracing/clean-value.ts";

const plain = createCleaner({ maskSecrets: false });
const masked = createCleaner({ maskSecrets: true });

/** The value as JSON can carry it; `undefined` stays so. Never throws. */
export function toJson(value: unknown): JsonValue | undefined {
  return plain.snapshot(value, "value");
}

/** The same without what looks like a credential: for what a row keeps. */
export function toKeptJson(value: unknown): JsonValue | undefined {
  return masked.snapshot(value, "value");
}
