import { createHash, type Hash } from "node:crypto";
import { RivuletError } from "@rivulet/domain";

/** Hex digits of a digest; MLflow keeps up to 36 characters. */
const DIGITS = 32;

/** The fingerprint of values, one after the other. */
export interface ContentHash {
  /** Adds a value. @throws RivuletError `invalid_argument` for a function or a symbol */
  add(value: unknown): void;
  /** Adds bytes as they are. */
  addBytes(bytes: ArrayBufferView): void;
  /** The fingerprint: 32 hex digits of a SHA-256. */
  digest(): string;
}

/** Equal values give equal digests in every process; values of different types give different ones. */
export function createContentHash(): ContentHash {
  const hash = createHash("sha256");
  return {
    add: (value) => addValue(hash, value, 0),
    addBytes: (bytes) => addBytes(hash, bytes),
    digest: () => hash.digest("hex").slice(0, DIGITS),
  };
}

function addBytes(hash: Hash, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  hash.update(new Uint8Array(buffer, byteOffset, byteLength));
}

const MOST_LEVELS = 100;

function addValue(hash: Hash, value: unknown, level: number): void {
  if (level > MOST_LEVELS) throw refusal("is nested too deeply");
  if (typeof value !== "object" || value === null) addPlain(hash, value);
  else if (value instanceof Date) addText(hash, "d", String(value.getTime()));
  else if (ArrayBuffer.isView(value)) {
    addText(hash, "v", `${value.constructor.name}:${value.byteLength}`);
    addBytes(hash, value);
  } else if (Array.isArray(value)) {
    addText(hash, "a", String(value.length));
    for (const item of value) addValue(hash, item, level + 1);
  } else addObject(hash, value, level);
}

function addPlain(hash: Hash, value: unknown): void {
  const type = value === null ? "null" : typeof value;
  if (type === "function" || type === "symbol") throw refusal(`is a ${type}`);
  addText(hash, type.slice(0, 2), String(value));
}

function addObject(hash: Hash, value: object, level: number): void {
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  addText(hash, "O", String(entries.length));
  for (const [key, item] of entries) {
    addText(hash, "k", key);
    addValue(hash, item, level + 1);
  }
}

/** The length comes first, so that no text ends like another begins. */
function addText(hash: Hash, type: string, text: string): void {
  hash.update(`${type}${text.length}:${text}`);
}

function refusal(problem: string): RivuletError {
  return new RivuletError("invalid_argument", `A value of the data ${problem}.`, {
    details: { field: "data" },
  });
}
