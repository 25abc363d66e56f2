import type { Dataset, DatasetRecord, JsonObject, JsonValue, Page } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import {
  ask,
  askPages,
  type PagedQuestion,
  type Question,
  refresh,
  refreshLists,
} from "../api/query-client.ts";
import type { DescribedPatch } from "./described.ts";
import { type ListQuery, searchedEverywhere } from "./list-query.ts";

export function askDatasets(query: ListQuery): PagedQuestion<Dataset> {
  return askPages({ subject: "dataset" }, "datasets.search", searchedEverywhere(query));
}

/** Makes a dataset without rows. */
export async function createDataset(name: string, description: string): Promise<void> {
  await rivulet.datasets.create({ name, description });
  await refreshLists("dataset");
}

export function askDataset(name: string): Question<Dataset> {
  return ask({ subject: "dataset", id: name }, "datasets.get", name);
}

/** Records of a version; of the newest without one. */
export function askRecords(name: string, version: string): PagedQuestion<DatasetRecord> {
  const wanted = version === "" ? undefined : Number(version);
  const query = { name, version: wanted };
  return askPages({ subject: "dataset", id: name }, "datasets.listRecords", query);
}

/** What differs between two versions. */
export function askVersionChanges(
  name: string,
  versions: readonly [before: number, after: number],
): Question<RecordChanges> {
  return {
    queryKey: ["dataset", name, "changes", versions],
    queryFn: async ({ signal }) => {
      const load = (version: number) => loadRecords(name, version, signal);
      const [before, after] = await Promise.all([load(versions[0]), load(versions[1])]);
      return changesOf(before, after);
    },
  };
}

/** Every record of a version. The version 0 has none. */
export async function loadRecords(
  name: string,
  version: number,
  signal?: AbortSignal,
): Promise<readonly DatasetRecord[]> {
  if (version === 0) return [];
  const { datasets } = signal === undefined ? rivulet : rivulet.withSignal(signal);
  const records: DatasetRecord[] = [];
  let next: string | undefined = "";
  while (next !== undefined) {
    const query = { name, version, limit: 1_000, ...(next !== "" && { pageToken: next }) };
    const page: Page<DatasetRecord> = await datasets.listRecords(query);
    records.push(...page.items);
    next = page.nextPageToken;
  }
  return records;
}

/** Records that one of two versions has, and those that differ in more than their inputs. */
export interface RecordChanges {
  readonly added: readonly DatasetRecord[];
  readonly removed: readonly DatasetRecord[];
  readonly changed: readonly (readonly [before: DatasetRecord, after: DatasetRecord])[];
}

function changesOf(
  before: readonly DatasetRecord[],
  after: readonly DatasetRecord[],
): RecordChanges {
  const old = new Map(before.map((record) => [record.id, record]));
  const now = new Set(after.map(({ id }) => id));
  return {
    added: after.filter(({ id }) => !old.has(id)),
    removed: before.filter(({ id }) => !now.has(id)),
    changed: after.flatMap((record) => {
      const was = old.get(record.id);
      return was === undefined || contentOf(was) === contentOf(record) ? [] : [[was, record]];
    }),
  };
}

function contentOf({ expectations, metadata }: DatasetRecord): string {
  return JSON.stringify([expectations ?? null, metadata]);
}

/** A row to add. */
export interface NewRecord {
  readonly inputs: JsonValue;
  readonly expectations?: JsonValue;
  readonly metadata?: JsonObject;
  readonly sourceTraceId?: string;
}

export async function addRecords(name: string, records: readonly NewRecord[]): Promise<Dataset> {
  return changed(await rivulet.datasets.addRecords(name, records));
}

export async function addTraces(
  name: string,
  traces: { readonly traceIds: readonly string[]; readonly outputsAsExpectations: boolean },
): Promise<Dataset> {
  return changed(await rivulet.datasets.addTraces(name, traces));
}

export async function deleteRecords(name: string, ids: readonly string[]): Promise<Dataset> {
  return changed(await rivulet.datasets.deleteRecords(name, ids));
}

/** Puts a row in another's place. A row with the same inputs is merged by the API, unless it is deleted first. */
export async function replaceRecord(
  name: string,
  { before, after }: { readonly before: DatasetRecord; readonly after: NewRecord },
): Promise<Dataset> {
  if (!isMergeable(before, after)) await rivulet.datasets.deleteRecords(name, [before.id]);
  const { metadata, sourceTraceId } = before;
  const kept = { metadata, ...(sourceTraceId !== undefined && { sourceTraceId }) };
  return addRecords(name, [{ ...kept, ...after }]);
}

/** Whether adding `after` gives `after`: the expectations of both are not mixed. */
function isMergeable(before: DatasetRecord, after: NewRecord): boolean {
  if (JSON.stringify(before.inputs) !== JSON.stringify(after.inputs)) return false;
  if (after.expectations === undefined) return before.expectations === undefined;
  const isObject = typeof after.expectations === "object" && after.expectations !== null;
  return !isObject;
}

/** Brings the rows of a version back, as the newest version. */
export async function restoreVersion(name: string, version: number): Promise<Dataset> {
  const newest = await rivulet.datasets.get(name);
  const [old, now] = await Promise.all([
    loadRecords(name, version),
    loadRecords(name, newest.version),
  ]);
  const { added, removed, changed: both } = changesOf(old, now);
  const gone = [...added, ...both.map(([, after]) => after)].map(({ id }) => id);
  const back = [...removed, ...both.map(([before]) => before)];
  let result = newest;
  if (gone.length > 0) result = await rivulet.datasets.deleteRecords(name, gone);
  if (back.length > 0) result = await rivulet.datasets.addRecords(name, back.map(newRecordOf));
  return changed(result);
}

function newRecordOf(record: DatasetRecord): NewRecord {
  const { id: _, createdAt: __, ...rest } = record;
  return rest;
}

export async function updateDataset(name: string, patch: DescribedPatch): Promise<Dataset> {
  return changed(await rivulet.datasets.update(name, patch));
}

export async function deleteDataset(name: string): Promise<void> {
  await rivulet.datasets.delete(name);
  await refreshLists("dataset");
}

async function changed(dataset: Dataset): Promise<Dataset> {
  await refresh("dataset", [dataset.name]);
  return dataset;
}
