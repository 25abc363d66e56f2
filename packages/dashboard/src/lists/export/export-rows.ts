import type { PagedQuestion } from "../../api/query-client.ts";
import { readPages } from "../../api/read-rows.ts";
import type { Column } from "../../components/column.ts";
import { saveFile } from "../../files/save-file.ts";
import { formatCount } from "../../format/numbers.ts";
import type { ListQuery } from "../../questions/list-query.ts";
import type { ListSpec, SelectedRows } from "../list-spec.ts";
import { csvFormat } from "./csv.ts";
import { type FileFormat, jsonFormat } from "./file-format.ts";

/** Rows per request. */
const PAGE = 1_000;

/** What is written to a file. */
export interface ExportOptions<Row extends object> {
  readonly spec: ListSpec<Row>;
  readonly columns: readonly Column<Row>[];
  readonly query: ListQuery;
  /** Only these; the whole list as it is filtered when there are none. */
  readonly selected: SelectedRows<Row>;
  readonly format: "csv" | "json";
  /** Ends it before the file is complete: then there is none. */
  readonly signal: AbortSignal;
  /** Told how many rows are written so far. */
  readonly onProgress: (rows: number) => void;
}

/** Saves rows as a file, and says in words what is in it. @throws RivuletError, or what `signal` was ended with */
export async function exportRows<Row extends object>(options: ExportOptions<Row>): Promise<string> {
  const { spec, columns, selected, format } = options;
  const written = format === "csv" ? csvFormat(columns) : jsonFormat<Row>();
  const { file, count } = await writePages(pagesOf(options), written, options.onProgress);
  options.signal.throwIfAborted();
  const name = `${spec.list}.${format}`;
  saveFile(name, file);
  const what = `${formatCount(count)} ${count === 1 ? spec.noun : spec.title.toLowerCase()}`;
  const lost = selected.keys.size - count;
  return lost > 0
    ? `${what} saved to ${name}. ${formatCount(lost)} of those selected are in the list no longer.`
    : `${what} saved to ${name}.`;
}

/** Page after page, each of which the browser may keep on its disk: a file can be larger than its memory. */
async function writePages<Row>(
  pages: AsyncIterable<readonly Row[]>,
  { head, page, tail, type }: FileFormat<Row>,
  onProgress: (rows: number) => void,
): Promise<{ readonly file: Blob; readonly count: number }> {
  const parts = [new Blob([head])];
  let count = 0;
  for await (const rows of pages) {
    if (rows.length > 0) parts.push(new Blob([page(rows, count)]));
    count += rows.length;
    onProgress(count);
  }
  return { file: new Blob([...parts, tail], { type }), count };
}

/** What is to be written: all that the filter finds, or of that what is ticked, in the order of the list. */
async function* pagesOf<Row extends object>({
  spec,
  query,
  selected: { keys, rows },
  signal,
}: ExportOptions<Row>): AsyncIterable<readonly Row[]> {
  if (keys.size > 0 && rows.length === keys.size) {
    yield rows;
    return;
  }
  const question: PagedQuestion<Row> = spec.ask({ ...query, limit: PAGE });
  let missing = keys.size === 0 ? Number.POSITIVE_INFINITY : keys.size;
  for await (const page of readPages(question, signal)) {
    const wanted = keys.size === 0 ? page : page.filter((row) => keys.has(spec.keyOf(row)));
    missing -= wanted.length;
    yield wanted;
    if (missing <= 0) return;
  }
}
