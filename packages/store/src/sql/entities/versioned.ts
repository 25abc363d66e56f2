import type { Sql } from "../database.ts";
import { notFound } from "../kit/entity-errors.ts";
import type { EntityRows, Key } from "../kit/entity-rows.ts";
import { deleteTags, type TagOwner } from "../tags.ts";
import { number, text, toMicros } from "../values.ts";

/** A registry of names with numbered versions and aliases. */
export interface Versioned {
  readonly names: Pick<EntityRows<unknown>, "keep" | "noun" | "remove" | "values">;
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

/**
 * Makes a name if it is not there, and locks its row until the transaction ends.
 *
 * @returns whether it was made
 */
export async function makeAndHold(
  sql: Sql,
  { names, table }: Versioned,
  record: { readonly name: string },
): Promise<boolean> {
  for (;;) {
    if ((await sql.insert(names.keep, [names.values(record)])) > 0) return true;
    const held = await sql.all(`SELECT 1 FROM ${table} WHERE name = ? ${sql.dialect.forUpdate}`, [
      record.name,
    ]);
    if (held.length > 0) return false;
    // Another process has deleted or renamed it between the two.
  }
}

/** Assigns the next number of a name whose row the transaction holds. */
export async function takeNumber(
  sql: Sql,
  registry: Versioned,
  { name, at }: { readonly name: string; readonly at: number },
): Promise<number> {
  const { table, counter } = registry;
  const changed = await sql.run(
    `UPDATE ${table} SET ${counter} = ${counter} + 1, updated_us = ? WHERE name = ?`,
    [toMicros(at), name],
  );
  if (changed === 0) throw notFound(registry.names.noun, ["name"], [name]);
  const [row = {}] = await sql.all(`SELECT ${counter} FROM ${table} WHERE name = ?`, [name]);
  return number(row, counter);
}

/**
 * Updates the change time of a name, which also locks its row.
 *
 * @throws RivuletError `not_found`: what is not there is not locked, either
 */
export async function touch(
  sql: Sql,
  registry: Versioned,
  {
    name,
    at,
    version,
  }: { readonly name: string; readonly at: number; readonly version?: number | undefined },
): Promise<void> {
  const changed = await sql.run(`UPDATE ${registry.table} SET updated_us = ? WHERE name = ?`, [
    toMicros(at),
    name,
  ]);
  if (changed > 0) return;
  const key = version === undefined ? [name] : [name, version];
  throw notFound(registry.names.noun, ["name", "version"].slice(0, key.length), key);
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
