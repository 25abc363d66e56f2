import type { JsonValue } from "@rivulet/domain";
import { createEncoder } from "@rivulet/store";

const plain = createEncoder({ maskSecrets: false });
const masked = createEncoder({ maskSecrets: true });

/** Converts a value to JSON; `undefined` stays so. Never throws. */
export function toJson(value: unknown): JsonValue | undefined {
  return plain(value, "value")?.parse();
}

/** The same with credentials masked, for what a row keeps. */
export function toKeptJson(value: unknown): JsonValue | undefined {
  return masked(value, "value")?.parse();
}
