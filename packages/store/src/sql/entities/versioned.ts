import type { Sql } from "../database.ts";
import type { EntityRows, Key } from "../kit/entity-rows.ts";
import { deleteTags, type TagOwner } from "../tags.ts";
import { number, text, toMicros } from "../values.ts";

/** A registry of names with numbered versions and aliases. */
export interface Versioned {
  readonly names: Pick<EntityRows<unknown>, "remove">;
  /** Tables of names, versions and aliases, and the column that counts. */
  readonly table: string;
  readonly counter: string;
  readonly versions: string;
  readonly aliases: string;
  /** The entity whose tags versions have. */
  readonly tagged: TagOwner["entity"];
}

/** What the tags of a version refer to. */
export function versionId(name: string, version: number): string {
  return `${name}@${version}`;
}

/** Assigns the next number, and locks the row of the name until the transaction ends. */
export async function takeNumber(
  sql: Sql,
  { table, counter }: Versioned,
  { name, at }: { readonly name: string; readonly at: number },
): Promise<number> {
  await sql.run(`UPDATE ${table} SET ${counter} = ${counter} + 1, updated_us = ? WHERE name = ?`, [
    toMicros(at),
    name,
  ]);
  const [row = {}] = await sql.all(`SELECT ${counter} FROM ${table} WHERE name = ?`, [name]);
  return number(row, counter);
}

/** Updates the change time of a name, which also locks its row. */
export async function touch(
  sql: Sql,
  { table }: Versioned,
  { name, at }: { readonly name: string; readonly at: number },
): Promise<void> {
  await sql.run(`UPDATE ${table} SET updated_us = ? WHERE name = ?`, [toMicros(at), name]);
}

/** Removes a name with its versions, aliases and all their tags. @throws RivuletError `not_found` */
export async function removeAll(sql: Sql, registry: Versioned, [name = ""]: Key): Promise<void> {
  const { names, versions, aliases, tagged } = registry;
  await names.remove(sql, [name]);
  const rows = await sql.all(`SELECT id FROM ${versions} WHERE name = ?`, [name]);
  await deleteTags(
    sql,
    tagged,
    rows.map((row) => text(row, "id")),
  );
  await sql.run(`DELETE FROM ${versions} WHERE name = ?`, [name]);
  await sql.run(`DELETE FROM ${aliases} WHERE name = ?`, [name]);
}
