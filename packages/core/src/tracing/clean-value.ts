import type { JsonValue } from "../domain/json.ts";
import { describeObject } from "./describe-object.ts";
import { isSecretKey, MASKED, maskSecretText } from "./secrets.ts";

/** What {@link createCleaner} takes. */
export interface CleanerOptions {
  /** Replace values that look like credentials. */
  readonly maskSecrets: boolean;
}

/** Makes values fit for the store. */
export interface Cleaner {
  /**
   * The value as JSON can carry it, without secrets: the caller may change the original afterwards.
   * `undefined` stays `undefined`. Never throws.
   */
  snapshot(value: unknown, key: string): JsonValue | undefined;
  /** Like `snapshot`, but shares unchanged parts with the original: for values serialised at once. */
  share(value: unknown, key: string): JsonValue | undefined;
  /** Characters the last call has let through, roughly what its JSON is long. */
  size(): number;
}

/** Deeper than this no one looks, and a stack has its end. */
const MAX_DEPTH = 64;
/** Bounds the time one value can take. */
const MAX_NODES = 50_000;

interface Walk {
  readonly copy: boolean;
  readonly maskSecrets: boolean;
  readonly ancestors: object[];
  size: number;
  nodes: number;
}

/** A {@link Cleaner}: one walk over each value that does conversion, masking and measuring together. */
export function createCleaner(options: CleanerOptions): Cleaner {
  let lastSize = 0;
  function clean(value: unknown, key: string, copy: boolean): JsonValue | undefined {
    if (value === undefined) return undefined;
    const walk: Walk = {
      copy,
      maskSecrets: options.maskSecrets,
      ancestors: [],
      size: 0,
      nodes: 0,
    };
    const cleaned = cleanValue(walk, value, key);
    lastSize = walk.size;
    return cleaned as JsonValue | undefined;
  }
  return Object.freeze({
    snapshot: (value: unknown, key: string) => clean(value, key, true),
    share: (value: unknown, key: string) => clean(value, key, false),
    size: () => lastSize,
  });
}

function cleanValue(walk: Walk, value: unknown, key: string): unknown {
  walk.nodes++;
  switch (typeof value) {
    case "string":
      return cleanText(walk, value, key);
    case "number":
      walk.size += 8;
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      walk.size += 5;
      return value;
    case "object":
      return value === null ? null : cleanObject(walk, value, key);
    case "bigint":
      return cleanText(walk, String(value), key);
    case "function":
      return `[function ${value.name || "anonymous"}]`;
    case "symbol":
      return String(value);
    default:
      return undefined;
  }
}

function cleanText(walk: Walk, text: string, key: string): string {
  walk.size += text.length + 3;
  if (!walk.maskSecrets || text.length === 0) return text;
  if (isSecretKey(key)) return MASKED;
  return text.length < 15 ? text : maskSecretText(text);
}

function cleanObject(walk: Walk, value: object, key: string): unknown {
  if (walk.nodes > MAX_NODES) return "[left out: too many values]";
  const { ancestors } = walk;
  if (ancestors.includes(value)) return "[circular]";
  if (ancestors.length >= MAX_DEPTH) return "[left out: too deep]";
  ancestors.push(value);
  try {
    if (Array.isArray(value)) return cleanArray(walk, value, key);
    return cleanFields(walk, value, key);
  } catch (error) {
    return `[unreadable: ${error instanceof Error ? error.message : String(error)}]`;
  } finally {
    ancestors.pop();
  }
}

function cleanArray(walk: Walk, value: readonly unknown[], key: string): unknown {
  let copy: unknown[] | undefined = walk.copy ? value.slice() : undefined;
  for (let index = 0; index < value.length; index++) {
    if (walk.nodes > MAX_NODES) return [...value.slice(0, index), `[${value.length - index} more]`];
    const item = value[index];
    const cleaned = cleanValue(walk, item, key);
    if (cleaned === item) continue;
    copy ??= value.slice();
    copy[index] = cleaned;
  }
  return copy ?? value;
}

function cleanFields(walk: Walk, value: object, key: string): unknown {
  const plain = isPlain(value);
  const described = plain && !("toJSON" in value) ? undefined : describeObject(value);
  if (described !== undefined && described !== value) return cleanValue(walk, described, key);
  const fields = value as Record<string, unknown>;
  let copy = walk.copy || !plain ? { ...fields } : undefined;
  for (const name of Object.keys(copy ?? fields)) {
    walk.size += name.length + 4;
    const field = (copy ?? fields)[name];
    const cleaned = cleanValue(walk, field, name);
    if (cleaned === field) continue;
    copy ??= { ...fields };
    replaceField(copy, name, cleaned);
  }
  return copy ?? value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Assigning to `__proto__` would change the object's prototype instead. */
function replaceField(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true });
}
