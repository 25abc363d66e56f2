import type { StringMap } from "@rivulet/domain";
import type { TagPatch } from "../port/store.ts";
import type { SqlConnection } from "./sql-connection.ts";
import { placeholders, text } from "./values.ts";

/** Which table of entities a tag belongs to. */
export type TagEntity =
  | "experiment"
  | "run"
  | "model"
  | "model_version"
  | "prompt"
  | "prompt_version"
  | "trace"
  | "dataset";

/** The entity whose tags are meant. */
export interface TagOwner {
  readonly entity: TagEntity;
  readonly owner: string;
}

/** Adds, replaces and removes tags. */
export async function patchTags(
  sql: SqlConnection,
  { entity, owner }: TagOwner,
  { tags = {}, removeTags = [] }: TagPatch,
): Promise<void> {
  for (const [key, value] of Object.entries(tags)) {
    await sql.run(
      `INSERT INTO tags (entity, owner, key, value) VALUES (?, ?, ?, ?)
       ON CONFLICT (entity, owner, key) DO UPDATE SET value = excluded.value`,
      [entity, owner, key, value],
    );
  }
  for (const key of removeTags) {
    await sql.run("DELETE FROM tags WHERE entity = ? AND owner = ? AND key = ?", [
      entity,
      owner,
      key,
    ]);
  }
}

/** Removes all tags of an entity. */
export async function deleteTags(sql: SqlConnection, { entity, owner }: TagOwner): Promise<void> {
  await sql.run("DELETE FROM tags WHERE entity = ? AND owner = ?", [entity, owner]);
}

/** Owner → its tags, for many owners at once. */
export async function loadTags(
  sql: SqlConnection,
  entity: TagEntity,
  owners: readonly string[],
): Promise<ReadonlyMap<string, StringMap>> {
  const found = new Map<string, [string, string][]>(owners.map((owner) => [owner, []]));
  if (owners.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT owner, key, value FROM tags WHERE entity = ? AND owner IN (${placeholders(owners)}) ORDER BY key`,
    [entity, ...owners],
  );
  for (const row of rows)
    found.get(text(row, "owner"))?.push([text(row, "key"), text(row, "value")]);
  return new Map([...found].map(([owner, entries]) => [owner, Object.fromEntries(entries)]));
}

/** The tags of a version: names hold no `@`-number ambiguity because the version is last. */
export function versionOwner(name: string, version: number): string {
  return `${name}@${version}`;
}
