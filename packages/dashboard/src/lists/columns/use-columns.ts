import { useMemo } from "preact/hooks";
import type { Column } from "../../components/column.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { type ColumnStock, readColumns, writeColumns } from "./column-choice.ts";

const REMEMBERED = "rivulet.columns.";

/**
 * The columns of a list: those of the URL, else those that were last chosen in this browser. A choice goes into both, so
 * that a link shows the same.
 */
export function useColumns<Row>(
  stock: ColumnStock<Row>,
  list: string,
): readonly [
  columns: readonly Column<Row>[],
  choose: (columns: readonly Column<Row>[]) => void,
  text: string,
] {
  const [inUrl, setInUrl] = useQueryState("columns");
  const text = inUrl === "" ? remembered(list) : inUrl;
  const columns = useMemo(() => readColumns(text, stock), [text, stock.columns]);
  const choose = (next: readonly Column<Row>[]): void => {
    const chosen = writeColumns(next, stock);
    remember(list, chosen);
    setInUrl(chosen);
  };
  return [columns, choose, text];
}

/** A browser that keeps nothing for pages refuses both; then nothing is remembered. */
function remembered(list: string): string {
  try {
    return localStorage.getItem(REMEMBERED + list) ?? "";
  } catch {
    return "";
  }
}

function remember(list: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(REMEMBERED + list);
    else localStorage.setItem(REMEMBERED + list, text);
  } catch {
    // The URL still has it.
  }
}
