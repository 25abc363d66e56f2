import { type JsonValue, LIMITS, RivuletError } from "@rivulet/domain";
import { createEncoder } from "@rivulet/store";
import type { MaskStats, MaskValue } from "./mask-value.ts";
import { type MaskParts, type MaskWatch, WHOLE, watchMask } from "./mask-watch.ts";

/** A user's mask, applied to a whole value, which it may change. Never throws. */
export interface UserMask {
  apply(value: JsonValue | undefined, key: string): JsonValue | undefined;
  stats(): MaskStats;
}

const MAX_DEPTH = 64;
const MAX_NODES = 50_000;
/** Characters of what a call returns: more than a span holds, whatever is cut then. */
const MAX_SIZE = 8 * LIMITS.spanBytes;

const THREW = `${WHOLE}the mask threw]`;
const PROMISED = `${WHOLE}the mask returned a promise]`;
const OFF = `${WHOLE}the mask is off]`;
const TOO_LARGE = `${WHOLE}too large for the mask]`;

/**
 * Calls `mask` like `JSON.stringify` calls its replacer: for the value itself, then for each of its parts with their
 * keys (items of a list have the list's key).
 */
export function createUserMask(mask: MaskValue, parts: MaskParts): UserMask {
  const encode = createEncoder({ maskSecrets: false, maxSize: MAX_SIZE });
  const watch = watchMask(parts, "The mask is");
  let nodes = 0;

  function replace(value: JsonValue, key: string): JsonValue {
    if (watch.isOff()) return OFF;
    const start = parts.now();
    try {
      const replaced: unknown = mask(value, { key });
      if (isPromise(replaced)) return refuse(replaced, key);
      // To read what it has returned may take long, too: its getters are the app's, and it may be huge.
      const isSame = replaced === value && isJson(value);
      const read = isSame ? value : (encode(replaced, key)?.parse() ?? null);
      noteTime(parts.now() - start, key);
      return read;
    } catch (error) {
      watch.failed(error);
      return THREW;
    }
  }

  function noteTime(took: number, key: string): void {
    const { timeoutMs } = parts;
    if (took <= timeoutMs) return;
    const message = `The mask took ${Math.round(took)} ms for a value; ${timeoutMs} ms are allowed.`;
    watch.overran(new RivuletError("deadline_exceeded", message, { details: { key } }));
  }

  function refuse(promise: PromiseLike<unknown>, key: string): string {
    // Nobody else waits for it.
    Promise.resolve(promise).catch(parts.reportError);
    watch.failed(
      new RivuletError(
        "invalid_argument",
        "The mask returned a promise. It must return the value itself: what is recorded does not wait.",
        { details: { key } },
      ),
    );
    return PROMISED;
  }

  function visit(value: JsonValue, key: string, depth: number): JsonValue {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) return TOO_LARGE;
    const replaced = replace(value, key);
    if (typeof replaced !== "object" || replaced === null) return replaced;
    const parts = partsOf(replaced, Array.isArray(replaced) ? key : undefined, watch);
    if (parts === undefined) return THREW;
    const visited = parts.map(([name, part]) => [name, visit(part, name, depth + 1)] as const);
    return Array.isArray(replaced) ? visited.map(([, part]) => part) : Object.fromEntries(visited);
  }

  return {
    apply: (value, key) => {
      if (value === undefined) return undefined;
      nodes = 0;
      return visit(value, key, 0);
    },
    stats: watch.stats,
  };
}

type Parts = readonly (readonly [string, JsonValue])[];

/** The mask may have put anything into what it was given, such as getters that throw. */
function partsOf(whole: object, listKey: string | undefined, watch: MaskWatch): Parts | undefined {
  try {
    return listKey === undefined
      ? Object.entries(whole).filter(([, part]) => part !== undefined)
      : Array.from(whole as readonly JsonValue[], (item) => [listKey, item ?? null]);
  } catch (error) {
    watch.failed(error);
    return undefined;
  }
}

/** Whether it is still what it was: the mask may have put a date, a map or a function into a value that it returns. */
function isJson(value: unknown): boolean {
  if (typeof value !== "object") return ["string", "number", "boolean"].includes(typeof value);
  if (value === null || Array.isArray(value)) return true;
  return Object.getPrototypeOf(value) === Object.prototype;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}
