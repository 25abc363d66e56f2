import { RivuletError } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { Database, Sql, Statement } from "../database.ts";
import { columnOf } from "../kit/declared-table.ts";
import { placeholders } from "../values.ts";
import { type CompiledFilter, compileFilter } from "./filter.ts";
import { type Stage, stagesOf } from "./order.ts";
import { decodePageToken, listName, tokenError } from "./page-token.ts";
import { findWay, type RareRows } from "./rare.ts";
import type { Search } from "./search.ts";
import type { Position } from "./stretch.ts";

/** How a search is done. */
export interface SearchPlan {
  readonly entity: Entity;
  readonly filter: CompiledFilter;
  /** All conditions but the filter's: the experiments' is not among them. */
  readonly conditions: readonly Statement[];
  /** Keeps the experiments asked for; undefined for all. */
  readonly within: Statement | undefined;
  readonly experimentCount: number;
  readonly stages: readonly Stage[];
  /** Few rows, all that are found among them; undefined when there are many. */
  readonly rare: RareRows | undefined;
  /** The first rows may suffice. */
  readonly isCommon: boolean;
  /** What page tokens are told apart by. */
  readonly list: string;
  /** What relative times count from. */
  readonly now: number | undefined;
  /** Where this page begins. */
  readonly start: Position;
}

/** @throws RivuletError `invalid_argument` for a filter, an order or a page token that does not fit */
export async function planSearch(search: Search, database: Database): Promise<SearchPlan> {
  const { entity, query, experimentIds = [], conditions = [] } = search;
  const list = listName(entity.name, query.where, query.order, experimentIds, conditions);
  const token = await readToken(database, query.pageToken, list);
  const now = token === undefined ? query.now : token.now;
  const scope = { entity, dialect: database.dialect, now: () => known(now), experimentIds };
  const stages = stagesOf(query, scope);
  const start = token?.position ?? { stage: 0 };
  const keys = stages[start.stage]?.keys;
  if (keys === undefined || (start.after !== undefined && start.after.length !== keys.length)) {
    throw tokenError();
  }
  const way = await database.snapshot((sql) => findWay(sql, query.where, scope));
  return {
    entity,
    filter: await compileFilter(query.where, scope, way.known),
    conditions,
    within: withinExperiments(entity, experimentIds),
    experimentCount: experimentIds.length,
    stages,
    rare: way.rare,
    isCommon: way.isCommon,
    list,
    now,
    start,
  };
}

function withinExperiments(entity: Entity, ids: readonly string[]): Statement | undefined {
  if (ids.length === 0) return undefined;
  const column = `t.${columnOf(entity, "experimentId")}`;
  const isOneOf = ids.length === 1 ? "= ?" : `IN (${placeholders(ids)})`;
  return { sql: `${column} ${isOneOf}`, values: ids };
}

interface ReadToken {
  readonly now: number | undefined;
  readonly position: Position;
}

async function readToken(
  sql: Sql,
  token: string | undefined,
  list: string,
): Promise<ReadToken | undefined> {
  if (token === undefined) return undefined;
  const [now, stage, ...after] = await decodePageToken(sql, { token, list });
  if (typeof stage !== "number" || (now !== null && typeof now !== "number")) throw tokenError();
  return { now: now ?? undefined, position: after.length === 0 ? { stage } : { stage, after } };
}

function known(now: number | undefined): number {
  if (now !== undefined) return now;
  const message = "A search with a time relative to now must say which time it is.";
  throw new RivuletError("invalid_argument", message, { details: { field: "now" } });
}
