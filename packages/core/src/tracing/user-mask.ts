import type { JsonValue } from "@rivulet/domain";
import { createEncoder } from "@rivulet/store";
import type { MaskValue } from "./tracing.ts";

/** What stands where the user's mask threw. */
const MASK_FAILED = "[mask failed]";

const MAX_DEPTH = 64;
const MAX_NODES = 50_000;

/** A user's mask as a function over a whole value, which it may own. Never throws. */
export type ApplyMask = (value: JsonValue | undefined, key: string) => JsonValue | undefined;

/**
 * Calls `mask` like `JSON.stringify` calls its replacer: for the value itself, then for each of its parts
 * with their keys (items of a list have the list's key).
 */
export function createUserMask(mask: MaskValue, reportError: (error: unknown) => void): ApplyMask {
  const encode = createEncoder({ maskSecrets: false });
  let nodes = 0;

  function replace(value: JsonValue, key: string): JsonValue {
    try {
      const replaced: unknown = mask(value, { key });
      if (replaced === value) return value;
      return replaced === undefined ? null : (encode(replaced, key)?.parse() ?? null);
    } catch (error) {
      reportError(error);
      return MASK_FAILED;
    }
  }

  function visit(value: JsonValue, key: string, depth: number): JsonValue {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) return MASK_FAILED;
    const replaced = replace(value, key);
    if (typeof replaced !== "object" || replaced === null) return replaced;
    if (Array.isArray(replaced)) {
      return replaced.map((item: JsonValue) => visit(item, key, depth + 1));
    }
    const entries = Object.entries(replaced as Record<string, JsonValue>);
    return Object.fromEntries(entries.map(([name, part]) => [name, visit(part, name, depth + 1)]));
  }

  return (value, key) => {
    if (value === undefined) return undefined;
    nodes = 0;
    return visit(value, key, 0);
  };
}
