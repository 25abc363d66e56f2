import type { Column } from "../../components/column.ts";

/** Columns that can be chosen from, as a list declares them. */
export interface ColumnStock<Row> {
  /** In the order before anybody has chosen. The first is always shown. */
  readonly columns: readonly Column<Row>[];
  /** A column that is not among them, such as that of a metric, by its key. */
  readonly columnOf?: (key: string) => Column<Row> | undefined;
}

const MIN_WIDTH = 48;
const MAX_WIDTH = 1_200;

/** Reads `name:240,status,metrics.loss`: the columns in their order, some of them with a width in pixels. */
export function readColumns<Row>(text: string, stock: ColumnStock<Row>): readonly Column<Row>[] {
  const chosen = text.split(",").flatMap((part) => {
    const [key = "", width = ""] = part.split(":");
    const column = findColumn(decode(key), stock);
    return column === undefined ? [] : [width === "" ? column : withWidth(column, Number(width))];
  });
  const [first] = stock.columns;
  if (text === "" || chosen.length === 0) return defaultColumns(stock);
  return first === undefined || chosen.some(({ key }) => key === first.key)
    ? chosen
    : [first, ...chosen];
}

/** The columns as text; empty for those that are shown before anybody has chosen. */
export function writeColumns<Row>(
  columns: readonly Column<Row>[],
  stock: ColumnStock<Row>,
): string {
  const text = columns.map((column) => partOf(column, stock)).join(",");
  const unchosen = defaultColumns(stock)
    .map((column) => partOf(column, stock))
    .join(",");
  return text === unchosen ? "" : text;
}

/** The same column, as wide as somebody has drawn it. */
export function withWidth<Row>(column: Column<Row>, width: number): Column<Row> {
  if (!Number.isFinite(width)) return column;
  const within = Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
  return { ...column, width: within, grow: false };
}

/** The columns with one of them in the place of another, or one place on. */
export function moveColumn<Row>(
  columns: readonly Column<Row>[],
  key: string,
  to: number,
): readonly Column<Row>[] {
  const moved = columns.find((column) => column.key === key);
  if (moved === undefined || to < 0 || to >= columns.length) return columns;
  return columns.filter((column) => column !== moved).toSpliced(to, 0, moved);
}

function defaultColumns<Row>({ columns }: ColumnStock<Row>): readonly Column<Row>[] {
  return columns.filter(({ isHidden }) => isHidden !== true);
}

function findColumn<Row>(key: string, stock: ColumnStock<Row>): Column<Row> | undefined {
  return stock.columns.find((column) => column.key === key) ?? stock.columnOf?.(key);
}

function partOf<Row>({ key, width, grow }: Column<Row>, stock: ColumnStock<Row>): string {
  const declared = findColumn(key, stock);
  const isAsDeclared = declared?.width === width && (declared.grow ?? false) === (grow ?? false);
  return isAsDeclared ? encodeURIComponent(key) : `${encodeURIComponent(key)}:${width}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
