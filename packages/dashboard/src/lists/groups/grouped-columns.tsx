import type { JSX } from "preact";
import type { Column } from "../../components/column.ts";
import { Icon } from "../../components/icon.tsx";
import { formatCount, formatMetric } from "../../format/numbers.ts";
import type { Clause } from "../filter/clause.ts";
import type { ListSpec } from "../list-spec.ts";
import type { ListState } from "../use-list.ts";
import type { Grouping, ShownGroup } from "./grouping.ts";
import type { FoldedRow } from "./use-folded-rows.ts";

interface GroupedColumns<Row extends object> {
  readonly spec: ListSpec<Row>;
  readonly grouping: Grouping;
  readonly list: ListState<Row>;
  readonly field: string;
  /** Those that are unfolded. */
  readonly rows: readonly Row[];
  readonly groups: readonly ShownGroup[];
  readonly toggle: (key: string) => void;
  readonly narrow: (clause: Clause) => void;
}

/** The columns of a list for lines that may be groups: those have their value first, and means under numbers. */
export function groupedColumns<Row extends object>(
  of: GroupedColumns<Row>,
): readonly Column<FoldedRow<Row>>[] {
  return of.list.columns.map(({ value: _, ...column }, place) => ({
    ...column,
    cell: (line) => {
      if (line.kind !== "row")
        return place === 0 ? headOf(of, line) : underHead(of, line, column.key);
      const content = column.cell(line.row, of.rows);
      return place === 0 ? <span class="in-group">{content}</span> : content;
    },
  }));
}

type Line<Row extends object> = Exclude<FoldedRow<Row>, { readonly kind: "row" }>;

function headOf<Row extends object>(of: GroupedColumns<Row>, line: Line<Row>): JSX.Element {
  return line.kind === "group" ? (
    <GroupHead of={of} group={line.group} isOpen={line.isOpen} />
  ) : (
    <Rest of={of} group={line.group} count={line.count} />
  );
}

function underHead<Row extends object>(
  of: GroupedColumns<Row>,
  { kind, group }: Line<Row>,
  column: string,
): JSX.Element | null {
  return kind === "group" ? <Mean of={of} group={group} column={column} /> : null;
}

function GroupHead<Row extends object>({
  of: { spec, grouping, field, toggle },
  group: { key, value, count },
  isOpen,
}: {
  of: GroupedColumns<Row>;
  group: ShownGroup;
  isOpen: boolean;
}): JSX.Element {
  const things = count === 1 ? spec.noun : spec.title.toLowerCase();
  return (
    <button
      type="button"
      class="row-link group-head"
      aria-expanded={isOpen}
      title={value}
      onClick={(event) => {
        event.stopPropagation();
        toggle(key);
      }}
    >
      <Icon name={isOpen ? "chevron-down" : "chevron"} />
      <span class={value === undefined ? "group-value muted" : "group-value"}>
        {value === undefined ? "None" : (grouping.valueOf?.(field, value) ?? value)}
      </span>{" "}
      <span class="muted">
        {formatCount(count)} {things}
      </span>
    </button>
  );
}

function Rest<Row extends object>({
  of: { narrow },
  group: { clause },
  count,
}: {
  of: GroupedColumns<Row>;
  group: ShownGroup;
  count: number | undefined;
}): JSX.Element {
  if (count === undefined) return <span class="in-group muted">Loading…</span>;
  return (
    <button
      type="button"
      class="row-link in-group"
      onClick={(event) => {
        event.stopPropagation();
        narrow(clause);
      }}
    >
      {formatCount(count)} more
    </button>
  );
}

function Mean<Row extends object>({
  of: { grouping, groups },
  group: { numbers },
  column,
}: {
  of: GroupedColumns<Row>;
  group: ShownGroup;
  column: string;
}): JSX.Element | null {
  const found = Object.hasOwn(numbers, column) ? numbers[column] : undefined;
  if (found === undefined) return null;
  const { count, mean, min, max } = found;
  const words = `Mean of ${formatCount(count)}, from ${formatMetric(min)} to ${formatMetric(max)}`;
  const means = groups.flatMap((one) => one.numbers[column]?.mean ?? []);
  const better = grouping.betterOf?.(column);
  const best = better === "lower" ? Math.min(...means) : Math.max(...means);
  const isBest = better !== undefined && means.length > 1 && mean === best;
  return (
    <span class={isBest ? "best mean" : "mean"} title={words}>
      {isBest ? <span aria-hidden="true">★ </span> : null}
      {formatMetric(mean)}
      <span class="hidden-text">
        {" "}
        {isBest ? "(best) " : ""}({words})
      </span>
    </span>
  );
}
