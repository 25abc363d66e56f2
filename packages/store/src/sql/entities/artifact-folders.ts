import type { ArtifactEntry, Page } from "@rivulet/domain";
import type { ArtifactFolderQuery } from "../../port/store.ts";
import type { Row, Sql } from "../database.ts";
import { decodePageToken, encodePageToken, listName } from "../search/page-token.ts";
import { byBytes, LIMIT, number, text, toMillis } from "../values.ts";

/** Condition: a path is in a folder, at any depth. A range, for the index. */
export const BELOW = "(path >= ? AND path < ?)";

/** The values of {@link BELOW}: the sign after the slash is a zero. */
export function below(folder: string): readonly [string, string] {
  return [`${folder}/`, `${folder}0`];
}

/** One page of what is in a folder: its files, and the folders in it with what is in them summed up. */
export async function listFolder(
  sql: Sql,
  { runId, path, limit, pageToken }: ArtifactFolderQuery,
): Promise<Page<ArtifactEntry>> {
  const list = listName("artifact-folder", runId, path);
  const after =
    pageToken === undefined
      ? []
      : await decodePageToken(sql, { token: pageToken, list, length: 1 });
  const prefix = path === "" ? "" : `${path}/`;
  const slash = sql.dialect.placeOf("rest", "/");
  const [name = ""] = after.map(String);
  const within = `(SELECT substr(path, ?) AS rest, path, size, created_us, content_type, sha256
    FROM artifacts WHERE run_id = ?${path === "" ? "" : ` AND ${BELOW}`}`;
  const values = [[...prefix].length + 1, runId, ...(path === "" ? [] : below(path))];
  // Files come in the order of the index, and end with the page; only what is in folders is summed up.
  const files = await sql.all(
    `SELECT rest AS name, 0 AS is_folder, size, 1 AS files, created_us, content_type, sha256
     FROM ${within} AND path > ?) of_folder WHERE ${slash} = 0 ORDER BY path ${LIMIT}`,
    [...values, prefix + name, limit + 1],
  );
  const folders = await sql.all(
    `SELECT name, 1 AS is_folder, SUM(size) AS size, COUNT(*) AS files, MAX(created_us) AS created_us
     FROM (SELECT substr(rest, 1, ${slash} - 1) AS name, size, created_us
       FROM ${within}) of_folder WHERE ${slash} > 0) named
     WHERE name > ? GROUP BY name ORDER BY name ${LIMIT}`,
    [...values, name, limit + 1],
  );
  const found = [...files, ...folders].sort((a, b) => byBytes(text(a, "name"), text(b, "name")));
  const items = found.slice(0, limit).map((row) => entryOf(row, prefix));
  const last = found[limit - 1];
  if (found.length <= limit || last === undefined) return { items };
  return { items, nextPageToken: await encodePageToken(sql, list, [text(last, "name")]) };
}

function entryOf(row: Row, prefix: string): ArtifactEntry {
  const isFolder = number(row, "is_folder") === 1;
  return {
    path: prefix + text(row, "name"),
    isFolder,
    size: number(row, "size"),
    files: number(row, "files"),
    createdAt: toMillis(row["created_us"]),
    ...(isFolder ? {} : { contentType: text(row, "content_type"), sha256: text(row, "sha256") }),
  };
}
