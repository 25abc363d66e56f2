import {
  type MetricPoint,
  type Page,
  RivuletError,
  type Run,
  type SearchQuery,
} from "@rivulet/domain";
import { jsonLines, jsonList, objectsOf } from "../tables/json-table.ts";
import type { Column, Table, TableFormat } from "../tables/table.ts";
import { tableWriter } from "../tables/write-table.ts";
import { addKeys, allColumns, namedColumns, noKeys } from "./run-columns.ts";
import type { MetricExport, RunExport, RunSearch } from "./run-queries.ts";
import type { Runs } from "./runs.ts";

/** Runs of the first page; a page has at most about this many values. */
const FIRST_PAGE = 100;
const PAGE_VALUES = 100_000;
const MOST_RUNS = 1_000;
const POINTS = 1_000;

/** What an export reads with. */
export type ExportReaders = Pick<Runs, "search" | "metricHistory">;

/** Which runs an export is of. */
type Selection = Omit<RunSearch, "limit" | "pageToken"> & Pick<RunExport, "limit" | "runIds">;

/** Runs as a file, one page at a time. What can be refused is refused before the first byte. */
export async function exportRuns(
  { search }: ExportReaders,
  { format, columns: names, ...selection }: RunExport,
): Promise<AsyncIterable<Uint8Array>> {
  const named = names === undefined ? undefined : namedColumns(names);
  if (format === "json" || format === "jsonl") {
    const pages = await begun(pagesOf(search, selection));
    return jsonFile(format, named === undefined ? pages : objectsOf({ columns: named, pages }));
  }
  const write = await tableWriter(format);
  const columns = named ?? (await columnsInUse(search, selection));
  return write({ columns, pages: await begun(pagesOf(search, selection)) });
}

/** A point of a run's metric. */
interface RunPoint extends MetricPoint {
  readonly runId: string;
}

const POINT_COLUMNS: readonly Column<RunPoint>[] = [
  { name: "runId", type: "text", value: ({ runId }) => runId },
  { name: "key", type: "text", value: ({ key }) => key },
  { name: "step", type: "integer", value: ({ step }) => step },
  { name: "timestamp", type: "time", value: ({ timestamp }) => timestamp },
  { name: "value", type: "number", value: ({ value }) => value },
];

/** All points of the metrics of runs as a file, one page at a time. */
export async function exportMetrics(
  readers: ExportReaders,
  { format, keys, ...selection }: MetricExport,
): Promise<AsyncIterable<Uint8Array>> {
  const runs = await begun(pagesOf(readers.search, selection));
  const table: Table<RunPoint> = {
    columns: POINT_COLUMNS,
    pages: pointsOf(readers, { runs, keys }),
  };
  if (format === "json" || format === "jsonl") return jsonFile(format, objectsOf(table));
  return (await tableWriter(format))(table);
}

function jsonFile(
  format: Extract<TableFormat, "json" | "jsonl">,
  pages: AsyncIterable<readonly unknown[]>,
): AsyncIterable<Uint8Array> {
  return format === "json" ? jsonList(pages) : jsonLines(pages);
}

async function columnsInUse(
  search: Runs["search"],
  selection: Selection,
): Promise<readonly Column<Run>[]> {
  const keys = noKeys();
  for await (const runs of pagesOf(search, selection)) {
    for (const run of runs) addKeys(keys, run);
  }
  return allColumns(keys);
}

/** Page after page, of so many runs that a page of them fits into memory whatever they have logged. */
async function* pagesOf(
  search: Runs["search"],
  { limit = Number.POSITIVE_INFINITY, runIds, ...query }: Selection,
): AsyncGenerator<readonly Run[], void, undefined> {
  if (runIds !== undefined) return yield* namedRuns(search, runIds.slice(0, limit), query);
  let left = limit;
  let size = FIRST_PAGE;
  let token: Pick<SearchQuery, "pageToken"> = {};
  do {
    const page: Page<Run> = await search({ ...query, ...token, limit: Math.min(size, left) });
    yield page.items;
    left -= page.items.length;
    size = nextSize(page.items, size);
    token = page.nextPageToken === undefined ? {} : { pageToken: page.nextPageToken };
  } while (token.pageToken !== undefined && left > 0);
}

/** A filter has room for the ids of so many runs. */
const NAMED_AT_ONCE = 50;

/** Runs by their ids, in their order. @throws RivuletError `invalid_argument` where they are looked for besides */
async function* namedRuns(
  search: Runs["search"],
  runIds: readonly string[],
  query: RunSearch,
): AsyncGenerator<readonly Run[], void, undefined> {
  const given = (["filter", "text", "orderBy"] as const).find((name) => query[name] !== undefined);
  if (given !== undefined) {
    throw new RivuletError("invalid_argument", `query.${given}: cannot be given with runIds.`, {
      details: { field: `query.${given}` },
    });
  }
  for (let start = 0; start < runIds.length; start += NAMED_AT_ONCE) {
    const ids = runIds.slice(start, start + NAMED_AT_ONCE);
    const named = ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(", ");
    const { items } = await search({ ...query, filter: `id IN (${named})`, limit: ids.length });
    const byId = new Map(items.map((run) => [run.id, run]));
    yield ids.flatMap((id) => byId.get(id) ?? []);
  }
}

function nextSize(runs: readonly Run[], size: number): number {
  if (runs.length === 0) return size;
  const values = runs.reduce((sum, run) => sum + valuesIn(run), 0);
  return Math.max(1, Math.min(MOST_RUNS, Math.floor((PAGE_VALUES * runs.length) / (values + 1))));
}

function valuesIn({ params, metrics, tags }: Run): number {
  return [params, metrics, tags].reduce((sum, group) => sum + Object.keys(group).length, 0);
}

/** Reads the first page now: a filter that is wrong is refused, not told in the middle of a file. */
async function begun<T>(pages: AsyncGenerator<T, void, undefined>): Promise<AsyncIterable<T>> {
  const first = await pages.next();
  return (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* pages;
  })();
}

interface PointSource {
  readonly runs: AsyncIterable<readonly Run[]>;
  readonly keys: readonly string[] | undefined;
}

async function* pointsOf(
  { metricHistory }: ExportReaders,
  { runs, keys }: PointSource,
): AsyncIterable<readonly RunPoint[]> {
  const isWanted = keys === undefined ? () => true : (key: string) => keys.includes(key);
  for await (const page of runs) {
    for (const { id: runId, metrics } of page) {
      for (const key of Object.keys(metrics).filter(isWanted).sort()) {
        yield* historyOf(metricHistory, { runId, key });
      }
    }
  }
}

async function* historyOf(
  metricHistory: Runs["metricHistory"],
  { runId, key }: Pick<RunPoint, "runId" | "key">,
): AsyncIterable<readonly RunPoint[]> {
  let token: Pick<SearchQuery, "pageToken"> = {};
  do {
    const points = await metricHistory({ runId, key, limit: POINTS, ...token });
    yield points.items.map((point) => ({ runId, ...point }));
    token = points.nextPageToken === undefined ? {} : { pageToken: points.nextPageToken };
  } while (token.pageToken !== undefined);
}
