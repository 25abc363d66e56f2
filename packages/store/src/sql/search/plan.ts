import { type Condition, type FilterClause, RivuletError } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { Sql, Statement } from "../database.ts";
import { columnOf } from "../kit/declared-table.ts";
import { placeholders, text } from "../values.ts";
import { type CompiledFilter, compileFilter } from "./filter.ts";
import { onlyLatest } from "./latest.ts";
import { type Stage, stagesOf } from "./order.ts";
import { listName, tokenError } from "./page-token.ts";
import { readPlace, wholePosition } from "./place-token.ts";
import { findAccessPath, type RareRows } from "./rare.ts";
import type { Position } from "./scan.ts";
import type { Search } from "./search.ts";
import type { SearchScope } from "./search-scope.ts";

/** A part of a list that is read separately: that of one experiment, or all of it. */
export interface Branch {
  /** The condition for its experiments; `undefined` for all. */
  readonly within: Statement | undefined;
  readonly experimentCount: number;
  readonly stages: readonly Stage[];
}

/** How a search is executed. */
export interface SearchPlan {
  readonly entity: Entity;
  readonly filter: CompiledFilter;
  /** All conditions except those of the filter and of the experiments. */
  readonly conditions: readonly Statement[];
  /**
   * What the list is merged from; at least one. Indexes have each experiment's rows in order, and not those of
   * some experiments together. All have as many stages, with as many keys.
   */
  readonly branches: readonly Branch[];
  /** Few rows that include all matches; `undefined` when there are many. */
  readonly rare: RareRows | undefined;
  /** The first rows may suffice. */
  readonly isCommon: boolean;
  /** Distinguishes the page tokens of different lists. */
  readonly list: string;
  /** The moment that relative times refer to. */
  readonly now: number | undefined;
  /** Where this page starts. */
  readonly start: Position;
}

/** @throws RivuletError `invalid_argument` for an invalid filter, order or page token */
export async function planSearch(search: Search, sql: Sql): Promise<SearchPlan> {
  const {
    entity,
    query,
    experimentIds: given = [],
    conditions = [],
    latestBy,
    datasets = [],
  } = search;
  const list = listName(
    entity.name,
    query.where,
    query.order,
    given,
    conditions,
    latestBy,
    datasets,
  );
  const experimentIds = given.length > 0 ? given : await experimentsNamed(sql, query.where);
  const token =
    query.pageToken === undefined ? undefined : await readPlace(sql, query.pageToken, list);
  const now = token === undefined ? query.now : token.now;
  const scope = {
    entity,
    dialect: sql.dialect,
    now: () => requireNow(now),
    experimentIds,
    datasets,
  };
  const { rare, known: byWords, isCommon } = await findAccessPath(sql, query.where, scope);
  // If there are few rows, all of them are sorted.
  const parts = rare === undefined ? separately(experimentIds) : [experimentIds];
  const branches = parts.map((ids) => branchOf(search, { ...scope, experimentIds: ids }));
  const start = token?.position ?? { stage: 0 };
  const keys = branches[0]?.stages[start.stage]?.keys;
  if (keys === undefined || (start.after !== undefined && start.after.length !== keys.length)) {
    throw tokenError();
  }
  const plan = {
    entity,
    filter: await compileFilter(query.where, scope, byWords),
    conditions:
      latestBy === undefined
        ? conditions
        : [...conditions, await onlyLatest(latestBy, query.where, scope)],
    branches,
    rare,
    isCommon,
    list,
    now,
    start,
  };
  return { ...plan, start: await wholePosition(sql, plan, token?.leftOut ?? []) };
}

/** The experiments that a filter is limited to, if it is. */
async function experimentsNamed(sql: Sql, where: readonly Condition[]): Promise<readonly string[]> {
  for (const condition of where) {
    const named = "field" in condition ? textsIn(condition) : [];
    if (named.length === 0 || !("field" in condition)) continue;
    if (condition.field.key === "experimentId") return named;
    if (condition.field.key === "experiment") return idsOf(sql, named);
  }
  return [];
}

/** The texts that an attribute must be one of, if it must. */
function textsIn({ operator, field, value = [] }: FilterClause): readonly string[] {
  if (field.kind !== "attribute" || (operator !== "=" && operator !== "IN")) return [];
  const values = [value].flat();
  return values.every((one) => typeof one === "string") ? values : [];
}

async function idsOf(sql: Sql, names: readonly string[]): Promise<readonly string[]> {
  const list = placeholders(names);
  const rows = await sql.all(
    `SELECT id FROM experiments WHERE name IN (${list}) ORDER BY id`,
    names,
  );
  return rows.map((row) => text(row, "id"));
}

/** Most experiments to merge: the size of a statement is limited. */
const MOST_BRANCHES = 50;

function separately(experimentIds: readonly string[]): readonly (readonly string[])[] {
  const ids = [...new Set(experimentIds)];
  return ids.length > 1 && ids.length <= MOST_BRANCHES ? ids.map((id) => [id]) : [ids];
}

function branchOf({ entity, query }: Search, scope: SearchScope): Branch {
  const { experimentIds } = scope;
  return {
    within: withinExperiments(entity, experimentIds),
    experimentCount: experimentIds.length,
    stages: stagesOf(query, scope),
  };
}

function withinExperiments(entity: Entity, ids: readonly string[]): Statement | undefined {
  if (ids.length === 0) return undefined;
  const column = `t.${columnOf(entity, "experimentId")}`;
  const isOneOf = ids.length === 1 ? "= ?" : `IN (${placeholders(ids)})`;
  return { sql: `${column} ${isOneOf}`, values: ids };
}

function requireNow(now: number | undefined): number {
  if (now !== undefined) return now;
  const message = "A search with relative times needs the current time.";
  throw new RivuletError("invalid_argument", message, { details: { field: "now" } });
}
