import { randomInt } from "node:crypto";
import type { Sql } from "../database.ts";
import { number } from "../values.ts";

/** Range of the random increment: concurrent creators seldom choose the same number, and numbers stay short. */
const SPREAD = 8;

/** A number for a new run, larger than all existing ones. Somebody else may take the same one meanwhile. */
export async function newInnerId(sql: Sql): Promise<number> {
  const [row = {}] = await sql.all("SELECT MAX(inner_id) AS last FROM runs");
  return number(row, "last") + 1 + randomInt(SPREAD);
}
