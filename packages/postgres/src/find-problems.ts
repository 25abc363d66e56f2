import { type FileStorage, number, type Sql, type Table, text } from "@rivulet/store/sql";

import { periodOfTables, restPartition } from "./dialect/partitions.ts";
import { findSchemaProblems } from "./find-schema-problems.ts";
import { missingPartitions } from "./maintain-partitions.ts";
import { SILENT_US } from "./silence.ts";

/** What is looked at. */
export interface Inspected {
  readonly tables: readonly Table[];
  /** Where files are that are not in the database. @default nowhere */
  readonly elsewhere?: Pick<FileStorage, "readPart"> | undefined;
}

/** Problems of an existing store, one sentence each, with advice. Only reads. */
export async function findProblems(
  sql: Sql,
  { tables, elsewhere }: Inspected,
): Promise<readonly string[]> {
  const { problems, missingTables } = await findSchemaProblems(sql, tables);
  // A missing table cannot be queried.
  if (missingTables > 0) return problems;
  return [
    ...problems,
    ...(await findBrokenFiles(sql)),
    ...(await findLostFiles(sql, elsewhere)),
    ...(await findLeftRuns(sql)),
    ...(await findPartitionProblems(sql)),
  ];
}

/** Most ids per sentence. */
const MOST_IDS = 5;

async function findBrokenFiles(sql: Sql): Promise<readonly string[]> {
  const cut = await sql.all(
    `SELECT f.id FROM files f LEFT JOIN file_chunks c ON c.file_id = f.id
     GROUP BY f.id, f.size HAVING COALESCE(SUM(OCTET_LENGTH(c.bytes)), 0) <> f.size ORDER BY f.id`,
  );
  return sentence(
    cut,
    (ids) =>
      `Files are incomplete (${ids}): rows of file_chunks are missing. Upload them again, or restore the rows from a backup.`,
  );
}

/** Files elsewhere are asked for one by one. */
const MOST_LOOKED_FOR = 1000;

async function findLostFiles(
  sql: Sql,
  elsewhere: Inspected["elsewhere"],
): Promise<readonly string[]> {
  const rows = await sql.all(
    `SELECT DISTINCT a.file_id AS id FROM artifacts a LEFT JOIN files f ON f.id = a.file_id
     WHERE f.id IS NULL ORDER BY a.file_id LIMIT ?`,
    [MOST_LOOKED_FOR],
  );
  if (elsewhere === undefined) {
    return sentence(
      rows,
      (ids) =>
        `Artifacts refer to missing files (${ids}): they are not in the database. If they are in S3, say where: RIVULET_ARTIFACTS=s3://bucket/prefix. Otherwise: Upload them again, or restore the rows of files from a backup.`,
    );
  }
  const lost: (typeof rows)[number][] = [];
  for (const row of rows) {
    const nothing = { id: text(row, "id"), from: 0, length: 0 };
    if ((await elsewhere.readPart(nothing)) === undefined) lost.push(row);
  }
  return sentence(
    lost,
    (ids) =>
      `Artifacts refer to missing files (${ids}): they are neither in the bucket nor in the database. Upload them again, or restore a backup.`,
  );
}

async function findLeftRuns(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.all(
    `SELECT r.id FROM runs r WHERE r.status = 'running'
     AND EXISTS (SELECT 1 FROM run_owners o WHERE o.run_id = r.id AND o.gone_us IS NULL)
     AND NOT EXISTS (SELECT 1 FROM run_owners o JOIN owners w ON w.id = o.owner
       WHERE o.run_id = r.id AND o.gone_us IS NULL AND w.seen_us > ${sql.dialect.now} - ?)
     ORDER BY r.id`,
    [SILENT_US],
  );
  return sentence(
    rows,
    (ids) =>
      `Runs are marked as running (${ids}), but no process that owns them gave a sign of life for five minutes. To end them, open the store for writing, for example with "rivulet serve".`,
  );
}

async function findPartitionProblems(sql: Sql): Promise<readonly string[]> {
  const tables = await sql.all(sql.dialect.listTables);
  const period = periodOfTables(tables.map((row) => text(row, "name")));
  if (period === undefined) return [];
  const rest = restPartition(period);
  const problems: string[] = [];
  for (const { name, from, to } of await missingPartitions(sql, period)) {
    const [row = {}] = await sql.all(
      `SELECT COUNT(*) AS spans FROM ${rest} WHERE start_us >= ? AND start_us < ?`,
      [from, to],
    );
    const spans = number(row, "spans");
    const meanwhile = spans === 0 ? "" : ` ${spans} spans of its time are in ${rest} for now.`;
    problems.push(
      `The partition ${name} is missing.${meanwhile} To create it and move them, open the store for writing as the owner of its tables.`,
    );
  }
  return problems;
}

/** One sentence about all rows; none when there are no rows. */
function sentence(
  rows: readonly Parameters<typeof text>[0][],
  say: (ids: string) => string,
): readonly string[] {
  if (rows.length === 0) return [];
  const ids = rows.slice(0, MOST_IDS).map((row) => text(row, "id"));
  const more = rows.length > MOST_IDS ? ` and ${rows.length - MOST_IDS} more` : "";
  return [say(`${ids.join(", ")}${more}`)];
}
