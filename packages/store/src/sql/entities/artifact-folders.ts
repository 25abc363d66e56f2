import type { ArtifactEntry, Page } from "@rivulet/domain";
import type { ArtifactFolderQuery } from "../../port/store.ts";
import type { Row, Sql } from "../database.ts";
import { decodePageToken, encodePageToken, listName } from "../search/page-token.ts";
import { LIMIT, number, text, toMillis } from "../values.ts";

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
  const found = await sql.all(
    `SELECT name, MAX(is_folder) AS is_folder, SUM(size) AS size, COUNT(*) AS files,
       MAX(created_us) AS created_us, MAX(content_type) AS content_type, MAX(sha256) AS sha256
     FROM (SELECT CASE WHEN ${slash} > 0 THEN substr(rest, 1, ${slash} - 1) ELSE rest END AS name,
         CASE WHEN ${slash} > 0 THEN 1 ELSE 0 END AS is_folder,
         size, created_us, content_type, sha256
       FROM (SELECT substr(path, ?) AS rest, size, created_us, content_type, sha256
         FROM artifacts WHERE run_id = ?${path === "" ? "" : ` AND ${BELOW}`}) of_folder) named
     ${after.length === 0 ? "" : "WHERE name > ? "}GROUP BY name ORDER BY name ${LIMIT}`,
    [[...prefix].length + 1, runId, ...(path === "" ? [] : below(path)), ...after, limit + 1],
  );
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
