import { jsonText, type OperationId, type Page, type RunComparison } from "@rivulet/core";
import { COLUMNS } from "./columns.ts";
import { describeComparison } from "./describe-comparison.ts";
import { formatValue } from "./format-value.ts";
import { printable, printableLines } from "./printable.ts";
import { layOut, layOutPairs } from "./table.ts";

type Item = Readonly<Record<string, unknown>>;

/** The result of an operation, for people: a table, the fields of one record, or a number. */
export function describeResult(id: OperationId, result: unknown): string {
  if (typeof result !== "object" || result === null) return printable(String(result));
  if (id === "runs.compare") return describeComparison(result as RunComparison);
  const items = itemsOf(result);
  return items === undefined ? describeFields(result as Item) : describeList(id, items);
}

/** The items of a list or of a page. */
function itemsOf(result: object): readonly Item[] | undefined {
  if (Array.isArray(result)) return result;
  const { items } = result as Partial<Page<Item>>;
  return Array.isArray(items) ? items : undefined;
}

function describeList(id: OperationId, items: readonly Item[]): string {
  if (items.length === 0) return "Nothing found.";
  const paths = COLUMNS[id]?.flatMap((column) => shownPath(column, items)) ?? plainFields(items);
  const columns = paths.map((path) => path.slice(path.lastIndexOf(".") + 1));
  const rows = items.map((item) =>
    paths.map((path, at) => printable(formatValue(columns[at] ?? path, read(item, path)))),
  );
  return layOut({ columns, rows }, process.stdout.isTTY ? process.stdout.columns : undefined);
}

function shownPath(column: string, items: readonly Item[]): readonly string[] {
  if (!column.endsWith("?")) return [column];
  const path = column.slice(0, -1);
  return items.some((item) => read(item, path) !== undefined) ? [path] : [];
}

function plainFields(items: readonly Item[]): readonly string[] {
  const names = new Set(items.flatMap((item) => Object.keys(item)));
  const isPlain = (name: string): boolean => items.every((item) => typeof item[name] !== "object");
  return [...names].filter(isPlain);
}

function read(item: Item, path: string): unknown {
  if (path === "duration") return durationOf(item);
  return path
    .split(".")
    .reduce<unknown>((value, name) => (value as Item | undefined)?.[name], item);
}

function durationOf({ startTime, endTime }: Item): unknown {
  return typeof startTime === "number" && typeof endTime === "number"
    ? endTime - startTime
    : undefined;
}

function describeFields(result: Item): string {
  // Only what JSON would have: a prompt's methods are not fields.
  const plain = JSON.parse(jsonText(result)) as Item;
  const pairs = Object.entries(plain).map(
    ([name, value]) => [printable(name), printableLines(describeField(name, value))] as const,
  );
  return layOutPairs(pairs);
}

function describeField(name: string, value: unknown): string {
  if (!isNested(value)) return formatValue(name, value);
  // A line for each of a list of records, such as gates.
  return isListOfRecords(value)
    ? value.map((record) => formatValue(name, record)).join("\n")
    : JSON.stringify(value, null, 2);
}

function isListOfRecords(value: unknown): value is readonly Item[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && !isNested(item));
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value holds objects or lists of its own, which need several lines. */
function isNested(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((part) => typeof part === "object" && part !== null);
}
