import type { Database, Row, SqlValue } from "@rivulet/store/sql";
import { aDatabase, type Backend, backendOver } from "./a-backend.ts";

/** What a store is asked of. */
export type Entities = Backend["entities"];

/** How SQLite goes about every SELECT of a call, step by step. */
export async function plansOf(
  call: (entities: Entities) => Promise<unknown>,
): Promise<readonly string[]> {
  const database = await aDatabase();
  return explained(database, { call, explain: "EXPLAIN QUERY PLAN", column: "detail" });
}

/** What is explained, and how a database does it. */
export interface Explanation {
  readonly call: (entities: Entities) => Promise<unknown>;
  /** What stands in front of the statement. */
  readonly explain: string;
  /** Has a step of the plan. */
  readonly column: string;
}

/** How a database goes about every SELECT of a call. */
export async function explained(
  database: Database,
  { call, explain, column }: Explanation,
): Promise<readonly string[]> {
  const asked: [string, readonly SqlValue[] | undefined][] = [];
  const spied: Database = {
    ...database,
    snapshot: (work) =>
      database.snapshot((sql) =>
        work({
          ...sql,
          all(statement, values): Promise<readonly Row[]> {
            asked.push([statement, values]);
            return sql.all(statement, values);
          },
        }),
      ),
  };
  await call(backendOver(spied).entities);
  const plans: string[] = [];
  for (const [sql, values] of asked) {
    const steps = await database.all(`${explain} ${sql}`, values);
    plans.push(steps.map((step) => String(step[column])).join("\n"));
  }
  return plans;
}
