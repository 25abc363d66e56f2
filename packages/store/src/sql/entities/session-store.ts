import type { Session, User } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { SessionStore, TraceOwnerQuery, UserStore } from "../../port/sessions.ts";
import { type TotalsQuery, traceTotals } from "../aggregates/trace-totals.ts";
import type { Database, Row, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { columnOf } from "../kit/declared-table.ts";
import { type LoadRows, searchPage } from "../search/search.ts";
import { listTurns } from "../spans/session-turns.ts";
import { optionalText, placeholders, text } from "../values.ts";

type Owners = Omit<TotalsQuery, "field">;
type Load<T> = (sql: Sql, owners: Owners) => Promise<readonly T[]>;

/** Sessions in SQL. */
export function sessionStore(database: Database): SessionStore {
  return {
    get: (id) => getOwner(database, id, loadSessions),
    search: (query) => searchOwners(database, "sessionId", { query, load: loadSessions }),
    listTurns: (query) => listTurns(database, query),
  };
}

/** Users in SQL. */
export function userStore(database: Database): UserStore {
  return {
    get: (id) => getOwner(database, id, loadUsers),
    search: (query) => searchOwners(database, "userId", { query, load: loadUsers }),
  };
}

async function getOwner<T>(database: Database, id: string, load: Load<T>): Promise<T | undefined> {
  const found = await database.snapshot((sql) => load(sql, { ids: [id], experimentIds: [] }));
  return found[0];
}

interface OwnerSearch<T> {
  readonly query: TraceOwnerQuery;
  readonly load: Load<T>;
}

/** Each is found by its latest trace that matches. */
function searchOwners<T>(
  database: Database,
  field: TotalsQuery["field"],
  { query: { experimentIds, ...query }, load }: OwnerSearch<T>,
): ReturnType<typeof searchPage<T>> {
  const column = columnOf(ENTITIES.trace, field);
  const search = {
    entity: ENTITIES.trace,
    query: { ...query, order: [] },
    experimentIds,
    latestBy: field,
  };
  const loadRows: LoadRows<T> = (sql, rows) =>
    load(sql, { ids: rows.map((row) => text(row, column)), experimentIds });
  return searchPage(database, search, loadRows);
}

/** Sessions in the order of their ids; those without traces are left out. */
async function loadSessions(sql: Sql, owners: Owners): Promise<readonly Session[]> {
  const totals = await traceTotals(sql, { ...owners, field: "sessionId" });
  const [first, last] = [
    await edgeTraces(sql, owners, "ASC"),
    await edgeTraces(sql, owners, "DESC"),
  ];
  return owners.ids.flatMap((id) => {
    const own = totals.get(id)?.totals;
    if (own === undefined) return [];
    const userId = optionalText(last.get(id) ?? {}, "user_id");
    const inputPreview = optionalText(first.get(id) ?? {}, "input_preview");
    const outputPreview = optionalText(last.get(id) ?? {}, "output_preview");
    return {
      id,
      ...(userId === undefined ? {} : { userId }),
      ...own,
      ...(inputPreview === undefined ? {} : { inputPreview }),
      ...(outputPreview === undefined ? {} : { outputPreview }),
    };
  });
}

async function loadUsers(sql: Sql, owners: Owners): Promise<readonly User[]> {
  const totals = await traceTotals(sql, { ...owners, field: "userId" });
  return owners.ids.flatMap((id) => {
    const own = totals.get(id);
    return own === undefined ? [] : { id, sessionCount: own.sessionCount, ...own.totals };
  });
}

/** The first or the latest trace of each session, by the session's id. */
async function edgeTraces(
  sql: Sql,
  { ids, experimentIds }: Owners,
  direction: "ASC" | "DESC",
): Promise<ReadonlyMap<string, Row>> {
  const within =
    experimentIds.length === 0 ? "" : `AND e.experiment_id IN (${placeholders(experimentIds)})`;
  const rows = await inChunks(ids, (part) =>
    sql.all(
      `SELECT t.session_id, t.user_id, t.input_preview, t.output_preview
       FROM (VALUES ${part.map(() => "(CAST(? AS TEXT))").join(", ")}) o
       CROSS JOIN traces t WHERE t.id = (SELECT e.id FROM traces e WHERE e.session_id = o.column1 ${within}
         ORDER BY e.start_us ${direction}, e.id ${direction} LIMIT 1)`,
      [...part, ...experimentIds],
    ),
  );
  return new Map(rows.map((row) => [text(row, "session_id"), row]));
}
