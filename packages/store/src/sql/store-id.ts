import { randomBytes } from "node:crypto";
import type { Sql } from "./database.ts";
import type { Table } from "./table.ts";
import { text } from "./values.ts";

/** Distinguishes the store from others. A restored backup is a different store. */
export const STORE_ID: Table = {
  name: "store_id",
  columns: { id: "text" },
  key: ["id"],
  local: true,
  since: 2,
};

/** Assigns an id to the store if it has none. */
export async function makeStoreId(sql: Sql): Promise<void> {
  if ((await readStoreId(sql)) !== "") return;
  await sql.run("INSERT INTO store_id (id) VALUES (?)", [randomBytes(6).toString("base64url")]);
}

/** The store's id. */
export async function readStoreId(sql: Sql): Promise<string> {
  const [row = {}] = await sql.all("SELECT id FROM store_id");
  return text(row, "id");
}
