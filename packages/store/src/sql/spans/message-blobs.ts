import { hash as digest } from "node:crypto";
import type { JsonObject, JsonValue } from "@rivulet/domain";
import type { Insert, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { placeholders, text } from "../values.ts";
import type { SpanBody } from "./span-rows.ts";

/** Smaller bodies are stored as they are: looking into them costs more than it saves. */
const MIN_BODY = 2048;
/** Smaller messages stay in place. */
const MIN_MESSAGE = 256;
/** The only property of an object that refers to a stored message. */
const REFERENCE = "$rivulet:blob";
/** Wraps a user's object that looks like a reference, so that it is returned unchanged. */
const ESCAPE = "$rivulet:escaped";

/** A body without this text has nothing to restore. */
const MARK = "$rivulet:";
const NONE: ReadonlyMap<string, string> = new Map();

/** A body whose long messages were moved out. */
export interface PackedBody {
  readonly body: SpanBody;
  /** The same as JSON text. */
  readonly json: string;
  /** Hash → JSON of each message. */
  readonly blobs: ReadonlyMap<string, string>;
}

/**
 * Takes long messages out of a span's body, so that a conversation that is sent anew with each step is
 * stored once. Looks at `messages` lists of input and output, the lists in them, and at lists at the top.
 */
export function packBody(body: SpanBody): PackedBody {
  const json = JSON.stringify(body);
  const isLong = json.length >= MIN_BODY;
  const hasMessages = isLong && (json.includes('"messages"') || json.includes('"role"'));
  if (!hasMessages && !json.includes(MARK)) return { body, json, blobs: NONE };
  const blobs = new Map<string, string>();
  const pack = (value: JsonValue): JsonValue =>
    hasMessages ? packValue(value, blobs) : escapeValue(value);
  const packed = {
    ...body,
    ...(body.input === undefined ? {} : { input: pack(body.input) }),
    ...(body.output === undefined ? {} : { output: pack(body.output) }),
  };
  return { body: packed, json: JSON.stringify(packed), blobs };
}

/** The original body, with the stored messages put back. */
export function unpackBody(json: string, blobs: ReadonlyMap<string, string>): SpanBody {
  const body = JSON.parse(json) as SpanBody;
  if (!json.includes(MARK)) return body;
  return {
    ...body,
    ...(body.input === undefined ? {} : { input: unpackValue(body.input, blobs) }),
    ...(body.output === undefined ? {} : { output: unpackValue(body.output, blobs) }),
  };
}

function packValue(value: JsonValue, blobs: Map<string, string>): JsonValue {
  if (isList(value)) return packList(value, blobs);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, part]): [string, JsonValue] => [
    key,
    key === "messages" && isList(part) ? packList(part, blobs) : escapeValue(part),
  ]);
  return isSpecial(value) ? { [ESCAPE]: Object.fromEntries(entries) } : Object.fromEntries(entries);
}

function packList(list: readonly JsonValue[], blobs: Map<string, string>): JsonValue {
  return list.map((item) => {
    if (isList(item)) return packList(item, blobs);
    if (!isObject(item) || !("role" in item)) return escapeValue(item);
    const json = JSON.stringify(item);
    if (json.length < MIN_MESSAGE) return escapeValue(item);
    const hash = digest("sha256", json, "hex");
    blobs.set(hash, json);
    return { [REFERENCE]: hash };
  });
}

function escapeValue(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(escapeValue);
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, escapeValue(part)]),
  );
  return isSpecial(value) ? { [ESCAPE]: copy } : copy;
}

function unpackValue(value: JsonValue, blobs: ReadonlyMap<string, string>): JsonValue {
  if (isList(value)) return value.map((item) => unpackValue(item, blobs));
  if (!isObject(value)) return value;
  const reference = value[REFERENCE];
  if (typeof reference === "string" && blobs.has(reference)) {
    return JSON.parse(blobs.get(reference) ?? "null") as JsonValue;
  }
  const escaped = value[ESCAPE];
  const source = isObject(escaped) ? escaped : value;
  return Object.fromEntries(
    Object.entries(source).map(([key, part]) => [key, unpackValue(part, blobs)]),
  );
}

/** Whether a value in a stored body refers to a message. */
export function isReference(value: object): boolean {
  if (!(REFERENCE in value) || Object.keys(value).length > 1) return false;
  return /^[0-9a-f]{64}$/.test(String(value[REFERENCE]));
}

function isSpecial(value: JsonObject): boolean {
  return Object.hasOwn(value, REFERENCE) || Object.hasOwn(value, ESCAPE);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const INSERT_BLOB: Insert = {
  table: "blobs",
  columns: ["hash", "body"],
  conflict: { key: ["hash"], update: [] },
};
const INSERT_REF: Insert = {
  table: "blob_refs",
  columns: ["trace_id", "hash"],
  conflict: { key: [], update: [] },
};

/** Messages of a trace. */
export interface TraceBlobs {
  readonly traceId: string;
  /** Hash → JSON. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Stores messages once, and records which traces use them. */
export async function saveBlobs(sql: Sql, used: readonly TraceBlobs[]): Promise<void> {
  const bodies = new Map(used.flatMap(({ blobs }) => [...blobs]));
  let wanted: readonly string[] = [...bodies.keys()].sort();
  while (wanted.length > 0) {
    const missing = await holdBlobs(sql, wanted);
    const rows = missing.map((hash) => [hash, bodies.get(hash) ?? ""]);
    // Messages that another process has stored meanwhile are locked in the next round.
    wanted = (await sql.insert(INSERT_BLOB, rows)) < missing.length ? missing : [];
  }
  const refs = used.flatMap(({ traceId, blobs }) =>
    [...blobs.keys()].map((hash) => [`${traceId} ${hash}`, [traceId, hash]] as const),
  );
  await sql.insert(INSERT_REF, [...new Map(refs).values()]);
}

/** Keeps messages from being removed before their use is visible. Returns those that do not exist. */
async function holdBlobs(sql: Sql, hashes: readonly string[]): Promise<readonly string[]> {
  const rows = await inChunks(hashes, (part) =>
    sql.all(
      `SELECT hash FROM blobs WHERE hash IN (${placeholders(part)}) ORDER BY hash ${sql.dialect.forShare}`,
      part,
    ),
  );
  const held = new Set(rows.map((row) => text(row, "hash")));
  return hashes.filter((hash) => !held.has(hash));
}

/** The messages that a trace uses. */
export async function loadBlobs(sql: Sql, traceId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.all(
    "SELECT b.hash, b.body FROM blob_refs r JOIN blobs b ON b.hash = r.hash WHERE r.trace_id = ?",
    [traceId],
  );
  return new Map(rows.map((row) => [text(row, "hash"), text(row, "body")]));
}

/** References in the JSON of a body; in a text, its quotes would be escaped. */
const REFERENCES = /"\$rivulet:blob":"([0-9a-f]{64})"/g;

/** The messages that bodies refer to, given as JSON texts. */
export async function loadReferences(
  sql: Sql,
  bodies: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = bodies.flatMap((body) =>
    [...body.matchAll(REFERENCES)].map(([, hash = ""]) => hash),
  );
  const rows = await inChunks([...new Set(hashes)], (part) =>
    sql.all(`SELECT hash, body FROM blobs WHERE hash IN (${placeholders(part)})`, part),
  );
  return new Map(rows.map((row) => [text(row, "hash"), text(row, "body")]));
}

/** Forgets which messages traces use, and removes messages that no trace uses any more. */
export async function releaseBlobs(sql: Sql, traceIds: readonly string[]): Promise<void> {
  const rows = await sql.all(
    `SELECT DISTINCT hash FROM blob_refs WHERE trace_id IN (${placeholders(traceIds)}) ORDER BY hash`,
    traceIds,
  );
  await sql.run(`DELETE FROM blob_refs WHERE trace_id IN (${placeholders(traceIds)})`, traceIds);
  const hashes = rows.map((row) => text(row, "hash"));
  await inChunks(hashes, async (part) => {
    const list = placeholders(part);
    // A transaction that starts to use a message locks it: once we have the lock, its use is visible.
    await sql.all(
      `SELECT hash FROM blobs WHERE hash IN (${list}) ORDER BY hash ${sql.dialect.forUpdate}`,
      part,
    );
    await sql.run(
      `DELETE FROM blobs WHERE hash IN (${list}) AND NOT EXISTS (SELECT 1 FROM blob_refs r WHERE r.hash = blobs.hash)`,
      part,
    );
    return [];
  });
}
