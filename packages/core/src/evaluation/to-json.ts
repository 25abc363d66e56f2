import type { JsonValue } from "@rivulet/domain";
import { createEncoder } from "@rivulet/store";

const plain = createEncoder({ maskSecrets: false });
const masked = createEncoder({ maskSecrets: true });

/** The value as JSON can carry it; `undefined` stays so. Never throws. */
export function toJson(value: unknown): JsonValue | undefined {
  return plain(value, "value")?.parse();
}

/** The same without what looks like a credential: for what a row keeps. */
export function toKeptJson(value: unknown): JsonValue | undefined {
  return masked(value, "value")?.parse();
}
