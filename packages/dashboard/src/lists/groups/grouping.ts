import type { GroupedMetric } from "@rivulet/core";
import type { ComponentChildren } from "preact";
import type { Question } from "../../api/query-client.ts";
import { byName } from "../../format/by-name.ts";
import type { ListQuery } from "../../questions/list-query.ts";
import type { Clause } from "../filter/clause.ts";

/** Rows of a list that have the same value of a field. */
export interface RowGroup {
  readonly value: string;
  readonly count: number;
  /** What stands under columns of numbers, by their keys. */
  readonly numbers: Readonly<Record<string, GroupedMetric>>;
}

/** By what the rows of a list can be grouped. */
export interface Grouping {
  readonly fields: readonly { readonly name: string; readonly label: string }[];
  /** The largest groups first, up to `MOST_GROUPS`, with the numbers of these columns. */
  readonly ask: (
    query: ListQuery,
    field: string,
    columns: readonly string[],
  ) => Question<readonly RowGroup[]>;
  /** How a value is shown. @default as it stands */
  readonly valueOf?: (field: string, value: string) => ComponentChildren;
  /** Which end of a column's numbers is the good one, where that was said. */
  readonly betterOf?: (column: string) => "higher" | "lower" | undefined;
}

/** Most groups that are shown. */
export const MOST_GROUPS = 200;

/** A group as it is drawn; `numbers` are empty for the rows that have no value of the field. */
export interface ShownGroup extends Omit<RowGroup, "value"> {
  /** Unique among the groups. */
  readonly key: string;
  /** `undefined` for the rows without one. */
  readonly value: string | undefined;
  /** What finds its rows. */
  readonly clause: Clause;
}

/** The groups in the order of the list: by its column of numbers, by value, or the largest first. */
export function shownGroups(
  groups: readonly RowGroup[],
  {
    field,
    order,
    total,
  }: { readonly field: string; readonly order: string; readonly total: number },
): readonly ShownGroup[] {
  const grouped = groups.reduce((sum, { count }) => sum + count, 0);
  const shown = inOrder(groups, field, order).map((group) => ({
    ...group,
    key: `=${group.value}`,
    clause: { field, operator: "is", value: group.value } as const,
  }));
  if (total <= grouped || groups.length >= MOST_GROUPS) return shown;
  const clause = { field, operator: "missing", value: "" } as const;
  return [...shown, { key: "", value: undefined, count: total - grouped, numbers: {}, clause }];
}

function inOrder(groups: readonly RowGroup[], field: string, order: string): readonly RowGroup[] {
  const [, key = "", direction] = /^(.*) (ASC|DESC)$/s.exec(order) ?? [];
  const sign = direction === "DESC" ? -1 : 1;
  if (key === field) return groups.toSorted((a, b) => sign * byName(a.value, b.value));
  if (!groups.some(({ numbers }) => Object.hasOwn(numbers, key))) return groups;
  const meanOf = ({ numbers }: RowGroup): number | undefined =>
    Object.hasOwn(numbers, key) ? numbers[key]?.mean : undefined;
  const last = sign * Number.POSITIVE_INFINITY;
  return groups.toSorted((a, b) => {
    const [first, second] = [meanOf(a) ?? last, meanOf(b) ?? last];
    return first === second ? 0 : sign * (first < second ? -1 : 1);
  });
}
