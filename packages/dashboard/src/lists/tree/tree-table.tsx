import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import type { Column } from "../../components/column.ts";
import { DataTable, type DataTableProps } from "../../components/data-table.tsx";
import { Icon } from "../../components/icon.tsx";
import { useSteady } from "../../components/use-steady.ts";
import { formatCount } from "../../format/numbers.ts";
import { forEntry } from "../../routing/history-entry.ts";
import type { ListSpec } from "../list-spec.ts";
import type { ListState } from "../use-list.ts";
import { MOST_BELOW, type Tree } from "./tree.ts";

/** What a {@link TreeTable} takes. */
export interface TreeTableProps<Row extends object> {
  readonly spec: ListSpec<Row>;
  readonly tree: Tree<Row>;
  readonly list: ListState<Row>;
  /** The table as it is without a tree. */
  readonly table: Omit<DataTableProps<Row>, "answer">;
}

/** What stands under rows that are open, by their keys. */
type Below<Row> = ReadonlyMap<string, readonly Row[]>;

/** The table of a list in which rows stand under others: a row is asked for what is under it once it is opened. */
export function TreeTable<Row extends object>(props: TreeTableProps<Row>): JSX.Element {
  const { spec, tree, list, table } = props;
  const { keyOf, nameOf } = spec;
  const [open, toggle] = useOpenRows();
  const [below, setBelow] = useState<Below<Row>>(new Map());
  const roots = useSteady(list.answer.data);
  const lines = useMemo(() => linesOf(roots ?? [], { keyOf, open, below }), [roots, open, below]);
  const rows = useMemo(() => lines.map(({ row }) => row), [lines]);
  useEffect(() => list.show(rows), [rows]);
  const depths = useMemo(
    () => new Map(lines.map(({ row, depth }) => [keyOf(row), depth])),
    [lines],
  );
  const columns = table.columns.map((column, place): Column<Row> => {
    if (place > 0) {
      return {
        ...column,
        cell: (row, all) => column.cell(row, all) ?? tree.summary(keyOf(row), column.key),
      };
    }
    return {
      ...column,
      cell: (row, all) => (
        <span class="in-tree" style={{ "--depth": depths.get(keyOf(row)) ?? 0 }}>
          <Toggle
            tree={tree}
            list={list}
            rowKey={keyOf(row)}
            name={nameOf(row)}
            isOpen={open.has(keyOf(row))}
            onToggle={toggle}
          />
          {column.cell(row, all)}
        </span>
      ),
    };
  });
  return (
    <>
      {lines
        .filter(({ row }) => open.has(keyOf(row)))
        .map(({ row }) => (
          <RowsBelow
            key={keyOf(row)}
            tree={tree}
            list={list}
            rowKey={keyOf(row)}
            onRows={(key, found) => setBelow((known) => new Map(known).set(key, found))}
          />
        ))}
      <DataTable
        {...table}
        columns={columns}
        answer={{ ...list.answer, data: roots === undefined ? undefined : rows }}
      />
    </>
  );
}

interface Line<Row> {
  readonly row: Row;
  readonly depth: number;
}

function linesOf<Row>(
  rows: readonly Row[],
  of: {
    readonly keyOf: (row: Row) => string;
    readonly open: ReadonlySet<string>;
    readonly below: Below<Row>;
  },
  depth = 0,
): readonly Line<Row>[] {
  return rows.flatMap((row) => {
    const key = of.keyOf(row);
    const under = of.open.has(key) ? (of.below.get(key) ?? []) : [];
    return [{ row, depth }, ...linesOf(under, of, depth + 1)];
  });
}

/** Opens a row under which others stand. */
function Toggle<Row extends object>({
  tree,
  list,
  rowKey,
  name,
  isOpen,
  onToggle,
}: {
  tree: Tree<Row>;
  list: ListState<Row>;
  rowKey: string;
  name: string;
  isOpen: boolean;
  onToggle: (key: string) => void;
}): JSX.Element {
  const all = useQuery(tree.count(rowKey)).data ?? 0;
  const found = useQuery(tree.found(rowKey, list.sought)).data ?? 0;
  if (all === 0) return <span class="tree-toggle" />;
  const count = found === 0 ? all : found;
  const words = count === all ? formatCount(all) : `${formatCount(found)} of ${formatCount(all)}`;
  return (
    <>
      <button
        type="button"
        class="tree-toggle over-row"
        aria-expanded={isOpen}
        aria-label={`${words} under ${name}`}
        onClick={(event) => {
          event.stopPropagation();
          onToggle(rowKey);
        }}
      >
        <Icon name={isOpen ? "chevron-down" : "chevron"} />
      </button>
      <span class="count">{words}</span>
      {isOpen && count > MOST_BELOW ? tree.more(rowKey) : null}
    </>
  );
}

/**
 * Asks for what stands under a row while it is open, and hands it on: what the list looks for, or everything where
 * nothing of it is found. Draws nothing.
 */
function RowsBelow<Row extends object>({
  tree,
  list,
  rowKey,
  onRows,
}: {
  tree: Tree<Row>;
  list: ListState<Row>;
  rowKey: string;
  onRows: (key: string, rows: readonly Row[]) => void;
}): null {
  const { sought: query } = list;
  const narrowed = tree.found(rowKey, query);
  const found = useQuery(narrowed).data;
  const isNarrowed = narrowed !== undefined && found !== 0;
  const wanted = isNarrowed ? query : { ...query, filter: "", text: "" };
  const isKnown = narrowed === undefined || found !== undefined;
  const { data } = useQuery(
    isKnown ? tree.below(rowKey, { ...wanted, limit: MOST_BELOW }) : undefined,
  );
  useEffect(() => {
    if (data !== undefined) onRows(rowKey, data);
  }, [data]);
  return null;
}

/** Which rows are open; kept for Back. */
function useOpenRows(): readonly [open: ReadonlySet<string>, toggle: (key: string) => void] {
  const [keys, setKeys] = useState(
    () => (forEntry.read("opened") as readonly string[] | undefined) ?? [],
  );
  const open = useMemo(() => new Set(keys), [keys]);
  const toggle = (key: string): void => {
    const next = open.has(key) ? keys.filter((one) => one !== key) : [...keys, key];
    setKeys(next);
    forEntry.write("opened", next);
  };
  return [open, toggle];
}
