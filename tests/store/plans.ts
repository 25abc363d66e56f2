import type { Database, Row, SqlValue } from "@rivulet/store/sql";
import { aDatabase, type Backend, backendOver } from "./a-backend.ts";

/** What a store is asked of. */
export type Entities = Backend["entities"];

/** How SQLite goes about every SELECT of a call, step by step. */
export async function plansOf(
  call: (entities: Entities) => Promise<unknown>,
): Promise<readonly string[]> {
  const database = await aDatabase();
  const plans: string[] = [];
  const explain = async (sql: string, values: readonly SqlValue[] = []): Promise<void> => {
    const steps = await database.all(`EXPLAIN QUERY PLAN ${sql}`, values);
    plans.push(steps.map((step) => String(step["detail"])).join("\n"));
  };
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
  for (const [sql, values] of asked) await explain(sql, values);
  return plans;
}
