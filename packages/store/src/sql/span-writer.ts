import type { JsonValue, PromptRef } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import type { SpanRecord, TraceFacts } from "../port/records.ts";
import type { Row, Sql, SqlValue } from "./database.ts";
import { loadBlobs, packBody, saveBlobs, unpackBody } from "./message-blobs.ts";
import { resolveExperiments } from "./named-experiments.ts";
import { type SpanBody, toSkeleton, usageColumns, usageOf, usageValues } from "./span-rows.ts";
import { loadTags, patchTags } from "./tags.ts";
import { microsOrNull, optionalNumber, orNull, parsed, text, toMicros } from "./values.ts";

/** What a batch adds to one trace. */
interface TraceDelta {
  spans: number;
  errors: number;
  usage: Map<string, number>;
  cost: number | undefined;
  startUs: number;
  touchedUs: number;
  experimentId: string;
  firstName: string;
  root: SpanRecord | undefined;
  readonly prompts: Map<string, PromptRef>;
  readonly patches: { readonly patch: TraceFacts; readonly isRoot: boolean }[];
}

const COLUMNS = [
  "trace_id",
  "id",
  "parent_id",
  "experiment_id",
  "name",
  "type",
  "status",
  "status_message",
  "start_us",
  "end_us",
  "model",
  "provider",
  ...usageColumns,
  "cost",
  "first_token_us",
  "prompts",
  "body",
];
const INSERT = `INSERT INTO spans (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map(() => "?").join(", ")})
  ON CONFLICT (trace_id, id) DO NOTHING`;
const TRACE_COLUMNS = [
  "id",
  "experiment_id",
  "name",
  "status",
  "start_us",
  "end_us",
  "input_preview",
  "output_preview",
  "span_count",
  "error_count",
  ...usageColumns,
  "cost",
  "touched_us",
];
const INSERT_TRACE = `INSERT INTO traces (${TRACE_COLUMNS.join(", ")}, metadata, prompts)
  VALUES (${TRACE_COLUMNS.map(() => "?").join(", ")}, '{}', '[]') ON CONFLICT (id) DO NOTHING`;
const UPDATE = `UPDATE spans SET ${COLUMNS.slice(2)
  .map((column) => `${column} = ?`)
  .join(", ")} WHERE trace_id = ? AND id = ?`;

/**
 * Writes spans and the summaries of their traces. A span that is there is merged, the later write wins;
 * its tokens and cost are counted once. Call it inside a transaction.
 *
 * @returns the ids of the traces that changed
 */
export async function writeSpans(
  sql: Sql,
  records: readonly SpanRecord[],
): Promise<readonly string[]> {
  const deltas = new Map<string, TraceDelta>();
  for (const record of await resolveExperiments(sql, records)) {
    const delta = deltaOf(deltas, record);
    const { body, blobs } = packBody(bodyOf(record));
    if (blobs.size > 0) await saveBlobs(sql, record.traceId, blobs);
    const inserted = await sql.run(INSERT, spanValues(record, body));
    if (inserted > 0) countNew(delta, record);
    else await mergeSpan(sql, record, delta);
    noteTrace(delta, record);
  }
  for (const [traceId, delta] of deltas) await writeTrace(sql, traceId, delta);
  return [...deltas.keys()];
}

function bodyOf({ input, output, attributes, events }: SpanRecord): SpanBody {
  return {
    attributes,
    events,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  };
}

function deltaOf(deltas: Map<string, TraceDelta>, record: SpanRecord): TraceDelta {
  const known = deltas.get(record.traceId);
  if (known !== undefined) return known;
  const fresh: TraceDelta = {
    spans: 0,
    errors: 0,
    usage: new Map(),
    cost: undefined,
    startUs: toMicros(record.startTime),
    touchedUs: 0,
    experimentId: record.experimentId,
    firstName: record.name,
    root: undefined,
    prompts: new Map(),
    patches: [],
  };
  deltas.set(record.traceId, fresh);
  return fresh;
}

function spanValues(record: SpanRecord, body: string): readonly SqlValue[] {
  return [
    record.traceId,
    record.id,
    orNull(record.parentId),
    record.experimentId,
    record.name,
    record.type,
    record.status,
    orNull(record.statusMessage),
    toMicros(record.startTime),
    microsOrNull(record.endTime),
    orNull(record.model),
    orNull(record.provider),
    ...usageValues(record.usage),
    orNull(record.cost),
    microsOrNull(record.timeToFirstTokenMs),
    record.prompts === undefined ? null : JSON.stringify(record.prompts),
    body,
  ];
}

function countNew(delta: TraceDelta, record: SpanRecord): void {
  delta.spans += 1;
  if (record.status === "error") delta.errors += 1;
  addUsage(delta, usageValues(record.usage), 1);
  addCost(delta, record.cost, 1);
}

function addUsage(delta: TraceDelta, values: readonly SqlValue[], sign: 1 | -1): void {
  values.forEach((value, index) => {
    const column = usageColumns[index];
    if (value === null || column === undefined) return;
    delta.usage.set(column, (delta.usage.get(column) ?? 0) + sign * Number(value));
  });
}

function addCost(delta: TraceDelta, cost: number | undefined, sign: 1 | -1): void {
  if (cost !== undefined) delta.cost = (delta.cost ?? 0) + sign * cost;
}

async function mergeSpan(sql: Sql, record: SpanRecord, delta: TraceDelta): Promise<void> {
  const [stored] = await sql.all("SELECT * FROM spans WHERE trace_id = ? AND id = ?", [
    record.traceId,
    record.id,
  ]);
  if (stored === undefined) return;
  const merged = mergedRecord(stored, record);
  const body = await mergedBody(sql, text(stored, "body"), record);
  const { body: packed, blobs } = packBody(body);
  if (blobs.size > 0) await saveBlobs(sql, record.traceId, blobs);
  const values = spanValues(merged, packed);
  await sql.run(UPDATE, [...values.slice(2), record.traceId, record.id]);
  addUsage(delta, usageValues(usageOf(stored)), -1);
  addUsage(delta, usageValues(merged.usage), 1);
  addCost(delta, optionalNumber(stored, "cost"), -1);
  addCost(delta, merged.cost, 1);
  delta.errors += Number(merged.status === "error") - Number(text(stored, "status") === "error");
}

/** A record of an earlier moment (still in progress) never undoes an end. */
function mergedRecord(stored: Row, record: SpanRecord): SpanRecord {
  const before = toSkeleton(stored);
  const isLate = record.status === "in_progress" && before.status !== "in_progress";
  return { ...before, ...record, status: isLate ? before.status : record.status };
}

async function mergedBody(sql: Sql, stored: string, record: SpanRecord): Promise<SpanBody> {
  const blobs = stored.includes("$rivulet:")
    ? await loadBlobs(sql, record.traceId)
    : new Map<string, string>();
  const before = unpackBody(stored, blobs);
  const after = bodyOf(record);
  return {
    ...before,
    ...after,
    attributes: { ...before.attributes, ...after.attributes },
    events: record.events.length > 0 ? record.events : (before.events ?? []),
  };
}

function noteTrace(delta: TraceDelta, record: SpanRecord): void {
  delta.startUs = Math.min(delta.startUs, toMicros(record.startTime));
  delta.touchedUs = Math.max(delta.touchedUs, toMicros(record.endTime ?? record.startTime));
  if (record.parentId === undefined) delta.root = record;
  if (record.trace !== undefined) {
    delta.patches.push({ patch: record.trace, isRoot: record.parentId === undefined });
  }
  for (const ref of record.prompts ?? []) delta.prompts.set(`${ref.name}/${ref.version}`, ref);
}

async function writeTrace(sql: Sql, traceId: string, delta: TraceDelta): Promise<void> {
  const previews = previewsOf(delta.root);
  const isNew = await insertTrace(sql, traceId, { ...delta, previews });
  if (!isNew) {
    await addSums(sql, traceId, delta);
    if (delta.root !== undefined) await writeRoot(sql, delta.root, previews);
  }
  if (delta.prompts.size > 0) await addPrompts(sql, traceId, delta.prompts);
  for (const word of delta.patches) await patchTrace(sql, traceId, word);
}

/** Most traces come whole: then one statement writes all that is known. Returns whether it was new. */
async function insertTrace(
  sql: Sql,
  traceId: string,
  { root, previews, ...delta }: TraceDelta & { readonly previews: Previews },
): Promise<boolean> {
  const inserted = await sql.run(INSERT_TRACE, [
    traceId,
    root?.experimentId ?? delta.experimentId,
    root?.name ?? delta.firstName,
    root?.status ?? "in_progress",
    root === undefined ? delta.startUs : toMicros(root.startTime),
    microsOrNull(root?.endTime),
    ...previews,
    delta.spans,
    delta.errors,
    ...usageColumns.map((column) => delta.usage.get(column) || null),
    delta.cost ?? null,
    delta.touchedUs,
  ]);
  return inserted > 0;
}

async function addSums(sql: Sql, traceId: string, delta: TraceDelta): Promise<void> {
  const sums = [...delta.usage].filter(([, tokens]) => tokens !== 0);
  const columns = sums.map(([column]) => `${column} = COALESCE(${column}, 0) + ?`);
  const cost = delta.cost === undefined ? [] : [delta.cost];
  await sql.run(
    `UPDATE traces SET span_count = span_count + ?, error_count = error_count + ?,
     touched_us = CASE WHEN touched_us < ? THEN ? ELSE touched_us END,
     start_us = CASE WHEN start_us > ? THEN ? ELSE start_us END${[
       ...columns,
       ...cost.map(() => "cost = COALESCE(cost, 0) + ?"),
     ]
       .map((assignment) => `, ${assignment}`)
       .join("")} WHERE id = ?`,
    [
      delta.spans,
      delta.errors,
      delta.touchedUs,
      delta.touchedUs,
      delta.startUs,
      delta.startUs,
      ...sums.map(([, tokens]) => tokens),
      ...cost,
      traceId,
    ],
  );
}

async function writeRoot(sql: Sql, root: SpanRecord, previews: Previews): Promise<void> {
  const inProgress = root.status === "in_progress";
  await sql.run(
    `UPDATE traces SET experiment_id = ?, name = ?, start_us = ?, ${
      // What was told at the start never undoes an end that came before it.
      inProgress ? "status = CASE WHEN end_us IS NULL THEN ? ELSE status END" : "status = ?"
    }, end_us = COALESCE(?, end_us), input_preview = COALESCE(?, input_preview),
     output_preview = COALESCE(?, output_preview) WHERE id = ?`,
    [
      root.experimentId,
      root.name,
      toMicros(root.startTime),
      root.status,
      microsOrNull(root.endTime),
      ...previews,
      root.traceId,
    ],
  );
}

/** What a list shows of a trace's input and output. */
type Previews = readonly [input: string | null, output: string | null];

function previewsOf(root: SpanRecord | undefined): Previews {
  if (root === undefined) return [null, null];
  return [preview(root.input), preview(root.output)];
}

/** What a list shows of a value: the text of the last message, a text, or the JSON. */
function preview(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return lastText(value).slice(0, LIMITS.preview);
}

function lastText(value: JsonValue): string {
  if (typeof value === "string") return value;
  const messages = Array.isArray(value)
    ? value
    : (value as { messages?: JsonValue } | null)?.messages;
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  const content = (last as { content?: unknown } | undefined)?.content;
  return typeof content === "string" ? content : JSON.stringify(value);
}

async function addPrompts(
  sql: Sql,
  traceId: string,
  used: ReadonlyMap<string, PromptRef>,
): Promise<void> {
  const [row] = await sql.all("SELECT prompts FROM traces WHERE id = ?", [traceId]);
  const known = row === undefined ? [] : parsed<PromptRef[]>(row, "prompts");
  const all = new Map([
    ...known.map((ref) => [`${ref.name}/${ref.version}`, ref] as const),
    ...used,
  ]);
  if (all.size === known.length) return;
  await sql.run("UPDATE traces SET prompts = ? WHERE id = ?", [
    JSON.stringify([...all.values()]),
    traceId,
  ]);
}

/** The root's word replaces what is known, that of another span only adds to it. */
async function patchTrace(
  sql: Sql,
  traceId: string,
  { patch, isRoot }: TraceDelta["patches"][number],
): Promise<void> {
  const { sessionId, userId, runId, metadata, tags = {} } = patch;
  const merge = (column: string): string =>
    `${column} = ${isRoot ? `COALESCE(?, ${column})` : `COALESCE(${column}, ?)`}`;
  if ((sessionId ?? userId ?? runId) !== undefined) {
    await sql.run(
      `UPDATE traces SET ${["session_id", "user_id", "run_id"].map(merge).join(", ")} WHERE id = ?`,
      [orNull(sessionId), orNull(userId), orNull(runId), traceId],
    );
  }
  if (metadata !== undefined) {
    const [row] = await sql.all("SELECT metadata FROM traces WHERE id = ?", [traceId]);
    const before = row === undefined ? {} : parsed<object>(row, "metadata");
    const merged = isRoot ? { ...before, ...metadata } : { ...metadata, ...before };
    await sql.run("UPDATE traces SET metadata = ? WHERE id = ?", [JSON.stringify(merged), traceId]);
  }
  const owner = { entity: "trace", owner: traceId } as const;
  const known = isRoot ? undefined : (await loadTags(sql, "trace", [traceId])).get(traceId);
  const added = Object.entries(tags).filter(([key]) => !Object.hasOwn(known ?? {}, key));
  await patchTags(sql, owner, { tags: Object.fromEntries(added) });
}
