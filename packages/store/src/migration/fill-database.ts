import { DEFAULT_EXPERIMENT_ID, messageOf, RivuletError } from "@rivulet/domain";
import { checkEmpty, finishRestore, makeOldTable } from "../backup/restore-backup.ts";
import type { Database, SqlValue } from "../sql/database.ts";
import type { Dialect } from "../sql/dialect.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { keptTables, SCHEMA } from "../sql/schema.ts";
import { type Checkpoint, readCheckpoints, WHOLE, writeCheckpoint } from "./checkpoints.ts";
import { copyNamedFiles } from "./copy-named-files.ts";
import {
  differs,
  type Migrated,
  type Migration,
  requireOther,
  type VerifiedTable,
} from "./migration.ts";
import {
  countRows,
  pagesOf,
  partAt,
  type TableDigest,
  type TablePage,
  type TablePart,
  tableDigest,
} from "./read-table.ts";

/** Where a migration goes. */
export interface MigrationTarget {
  /** Its database, with the newest schema. */
  readonly database: Database;
  /** Where its files go. */
  readonly storage: FileStorage;
  /** URL without secrets of what is filled. */
  readonly url: string;
}

/**
 * Brings everything of a store into an empty database, or goes on where an earlier attempt was stopped. What is there is
 * compared with what was read before it is made what this release needs.
 *
 * @throws RivuletError `already_exists` when it holds something else; `conflict` when the two differ in the end; `aborted`
 */
export async function fillDatabase(
  target: MigrationTarget,
  migration: Migration,
): Promise<Migrated> {
  const before = await readCheckpoints(target.database);
  const whole = before.get(WHOLE);
  if (whole === undefined) await begin(target, migration);
  else if (whole.source !== migration.from) throw ofAnother(target, whole);
  const filling = { target, migration, before };
  const tables = await copyTables(filling);
  if (whole?.isDone !== true) {
    await verify(filling, tables);
    await target.database.transaction(async (sql) => {
      await finishRestore(sql, SCHEMA, migration.version);
      await writeCheckpoint(sql, WHOLE, { source: migration.from, isDone: true });
    });
  }
  const files = await copyNamedFiles(target, migration);
  return { tables, ...files, resumed: whole !== undefined };
}

/** Makes an empty store one that is being filled. */
async function begin({ database, url }: MigrationTarget, migration: Migration): Promise<void> {
  const { from } = migration;
  await database.transaction(async (sql) => {
    await requireOther(sql, migration, url);
    await checkEmpty(sql, url);
    await sql.run("DELETE FROM experiments WHERE id = ?", [DEFAULT_EXPERIMENT_ID]);
    await writeCheckpoint(sql, WHOLE, { source: from, isDone: false });
  });
}

function ofAnother({ url }: MigrationTarget, { source }: Checkpoint): RivuletError {
  return new RivuletError(
    "already_exists",
    `The store ${url} holds half of a migration from ${source}. Finish that one, or remove what is there.`,
    { details: { url, from: source } },
  );
}

interface Filling {
  readonly target: MigrationTarget;
  readonly migration: Migration;
  readonly before: ReadonlyMap<string, Checkpoint>;
}

async function copyTables(filling: Filling): Promise<Readonly<Record<string, VerifiedTable>>> {
  const { migration, before } = filling;
  const tables = keptTables(SCHEMA, migration.version);
  let total = 0;
  for (const table of tables) total += await countRows(migration.sql, table);
  let done = 0;
  const verified: [string, VerifiedTable][] = [];
  for (const table of tables) {
    const part = partAt(table, migration.version);
    const digest = tableDigest(part);
    const told = (page: TablePage): void => {
      digest.add(page);
      done += page.rows.length;
      migration.tell({ step: "rows", table: table.name, done, total });
      migration.check();
    };
    const checkpoint = before.get(table.name);
    // What is there already is read again, since it is compared with what is there now.
    if (checkpoint?.after !== undefined || checkpoint?.isDone === true) {
      await readUpTo(migration, part, { told, checkpoint });
    }
    if (checkpoint?.isDone !== true) await copyTable(filling, part, told);
    verified.push([table.name, digest.result()]);
  }
  return Object.fromEntries(verified);
}

interface ReadAgain {
  readonly told: (page: TablePage) => void;
  readonly checkpoint: Checkpoint;
}

/** The rows of the source up to where an earlier attempt came. */
async function readUpTo(
  { sql }: Migration,
  part: TablePart,
  { told, checkpoint: { after, isDone } }: ReadAgain,
): Promise<void> {
  const names = part.columns.map(([name]) => name);
  const places = part.table.key.map((column) => names.indexOf(column));
  for await (const page of pagesOf(sql, part)) {
    if (isDone || after === undefined) {
      told(page);
      continue;
    }
    const rows = page.rows.filter(
      (row) =>
        compareKeys(
          places.map((at) => row[at]),
          after,
        ) <= 0,
    );
    told({ ...page, rows });
    if (rows.length < page.rows.length) return;
  }
}

/** Texts compare by their bytes in every database. */
function compareKeys(one: readonly unknown[], other: readonly unknown[]): number {
  for (const [place, left] of one.entries()) {
    const right = other[place];
    if (left === right || (Number.isNaN(left) && Number.isNaN(right))) continue;
    if (typeof left === "string")
      return Buffer.compare(Buffer.from(left), Buffer.from(String(right)));
    return Number(left) < Number(right) ? -1 : 1;
  }
  return 0;
}

async function copyTable(
  { target: { database }, migration, before }: Filling,
  part: TablePart,
  told: (page: TablePage) => void,
): Promise<void> {
  const { table, columns } = part;
  const { from: source } = migration;
  const checkpoint = before.get(table.name);
  if (checkpoint === undefined) {
    await database.transaction(async (sql) => {
      if (table.until !== undefined) await makeOldTable(sql, table);
      await writeCheckpoint(sql, table.name, { source, isDone: false });
    });
  }
  const into = { table: table.name, columns: columns.map(([name]) => name) };
  const reals = columns.map(([, type]) => type.startsWith("real"));
  const toBound = ({ real }: Dialect, row: readonly SqlValue[]): readonly SqlValue[] =>
    row.map((value, at) => (reals[at] === true && typeof value === "number" ? real(value) : value));
  for await (const page of pagesOf(migration.sql, part, checkpoint?.after)) {
    try {
      await database.transaction(async (sql) => {
        const rows = reals.includes(true)
          ? page.rows.map((row) => toBound(sql.dialect, row))
          : page.rows;
        await sql.insert(into, rows);
        await writeCheckpoint(sql, table.name, { source, after: page.last, isDone: false });
      });
    } catch (cause) {
      if (cause instanceof RivuletError) throw cause;
      const message = `A row of ${table.name} is refused: ${messageOf(cause)}`;
      throw new RivuletError("store_corrupt", message, { cause });
    }
    told(page);
  }
  await database.transaction((sql) => writeCheckpoint(sql, table.name, { source, isDone: true }));
}

async function verify(
  { target, migration }: Filling,
  tables: Readonly<Record<string, VerifiedTable>>,
): Promise<void> {
  const total = Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  await target.database.snapshot(async (sql) => {
    for (const table of keptTables(SCHEMA, migration.version)) {
      const part = partAt(table, migration.version);
      const digest: TableDigest = tableDigest(part);
      for await (const page of pagesOf(sql, part)) {
        digest.add(page);
        done += page.rows.length;
        migration.tell({ step: "verify", table: table.name, done, total });
        migration.check();
      }
      const found = digest.result();
      const wanted = tables[table.name];
      if (found.rows === wanted?.rows && found.digest === wanted.digest) continue;
      throw differs(`The table ${table.name} (${wanted?.rows} rows and ${found.rows})`, target.url);
    }
  });
}
