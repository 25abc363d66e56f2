import { RivuletError, type StringMap } from "@rivulet/domain";
import type { ExpectedTags } from "../port/runs.ts";
import type { TagPatch } from "../port/store.ts";
import type { Insert, Sql } from "./database.ts";
import { byBytes, placeholders, text } from "./values.ts";

/** The entity whose tags are meant. */
export interface TagOwner {
  /** Name of the declaration. */
  readonly entity: string;
  readonly owner: string;
}

const COLUMNS = ["entity", "owner", "key", "value"];
const KEY = ["entity", "owner", "key"];

/** Adds tags, or replaces them. */
export const INSERT_TAG: Insert = {
  table: "tags",
  columns: COLUMNS,
  conflict: { key: KEY, update: ["value"] },
};

/** Adds tags; existing ones are kept. */
export const KEEP_TAG: Insert = {
  table: "tags",
  columns: COLUMNS,
  conflict: { key: KEY, update: [] },
};

/** Adds, replaces and removes tags. */
export async function patchTags(
  sql: Sql,
  { entity, owner }: TagOwner,
  { tags = {}, removeTags = [] }: TagPatch,
): Promise<void> {
  const entries = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length > 0) {
    await sql.insert(
      INSERT_TAG,
      entries.map(([key, value]) => [entity, owner, key, value]),
    );
  }
  if (removeTags.length > 0) {
    await sql.run(
      `DELETE FROM tags WHERE entity = ? AND owner = ? AND key IN (${placeholders(removeTags)})`,
      [entity, owner, ...removeTags],
    );
  }
}

/** Compares tags of an entity that the transaction holds. @throws RivuletError `conflict` with the key in `details.tag` */
export async function requireTags(
  sql: Sql,
  { entity, owner }: TagOwner,
  expected: ExpectedTags["expectedTags"] = {},
): Promise<void> {
  const wanted = Object.entries(expected);
  if (wanted.length === 0) return;
  const tags = new Map(Object.entries((await loadTags(sql, entity, [owner])).get(owner) ?? {}));
  const changed = wanted.find(([key, value]) => (tags.get(key) ?? null) !== value);
  if (changed === undefined) return;
  const [tag] = changed;
  throw new RivuletError(
    "conflict",
    `The tag "${tag}" of ${entity} "${owner}" is not as expected: somebody else has changed it. Read it, and try again.`,
    { details: { id: owner, tag } },
  );
}

/** Removes all tags of entities. */
export async function deleteTags(
  sql: Sql,
  entity: string,
  owners: readonly string[],
): Promise<void> {
  if (owners.length === 0) return;
  await sql.run(`DELETE FROM tags WHERE entity = ? AND owner IN (${placeholders(owners)})`, [
    entity,
    ...owners,
  ]);
}

/** Owner → its tags, for many owners at once. */
export async function loadTags(
  sql: Sql,
  entity: string,
  owners: readonly string[],
): Promise<ReadonlyMap<string, StringMap>> {
  const found = new Map<string, [string, string][]>(owners.map((owner) => [owner, []]));
  if (owners.length === 0) return new Map();
  // Without an order, for which SQLite would scan all tags.
  const rows = await sql.all(
    `SELECT owner, key, value FROM tags WHERE entity = ? AND owner IN (${placeholders(owners)})`,
    [entity, ...owners],
  );
  for (const row of rows)
    found.get(text(row, "owner"))?.push([text(row, "key"), text(row, "value")]);
  return new Map(
    [...found].map(([owner, entries]) => [
      owner,
      Object.fromEntries(entries.sort(([a], [b]) => byBytes(a, b))),
    ]),
  );
}
