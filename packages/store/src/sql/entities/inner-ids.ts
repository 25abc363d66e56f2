import { randomInt } from "node:crypto";
import type { Sql } from "../database.ts";
import { number } from "../values.ts";

/** Those who make one at the same time seldom make the same; few, so that numbers stay short. */
const SPREAD = 8;

/** A number for a new run, larger than all there are. Somebody else may take the same meanwhile. */
export async function newInnerId(sql: Sql): Promise<number> {
  const [row = {}] = await sql.all("SELECT MAX(inner_id) AS last FROM runs");
  return number(row, "last") + 1 + randomInt(SPREAD);
}
