import { ENTITIES } from "@rivulet/domain/entities";
import type { FactStore } from "../../port/facts.ts";
import type { Database, Sql } from "../database.ts";
import { SCHEMA_VERSION } from "../schema.ts";
import { number } from "../values.ts";
import { aboutHowMany } from "./trace-retention.ts";

/** Rows that are counted of an entity. */
const COUNTED = 10_000;
/** Files whose sizes are summed up. */
const SUMMED = 100_000;

/** Facts of a store in SQL. */
export function factStore(database: Database): FactStore {
  return {
    read: () =>
      database.snapshot(async (sql) => {
        const rows: Record<string, number> = {};
        for (const { name, table } of Object.values(ENTITIES)) {
          rows[name] = table === "traces" ? await aboutHowMany(sql) : await countSome(sql, table);
        }
        const [used = {}] = await sql.all(sql.dialect.usedBytes);
        return {
          schema: SCHEMA_VERSION,
          usedBytes: Math.round(number(used, "bytes")),
          artifactBytes: await sumSizes(sql, "artifacts"),
          attachmentBytes: await sumSizes(sql, "attachment_files"),
          rows,
        };
      }),
  };
}

async function countSome(sql: Sql, table: string): Promise<number> {
  const [row = {}] = await sql.all(
    `SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM ${table} LIMIT ${COUNTED}) counted`,
  );
  return number(row, "count");
}

async function sumSizes(sql: Sql, table: string): Promise<number> {
  const [row = {}] = await sql.all(
    `SELECT COALESCE(SUM(size), 0) AS bytes FROM (SELECT size FROM ${table} LIMIT ${SUMMED}) summed`,
  );
  return number(row, "bytes");
}
