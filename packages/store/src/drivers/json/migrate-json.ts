import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { RivuletError } from "@rivulet/domain";
import { modesOf } from "../../file-modes.ts";
import { storageElsewhere, withElsewhere } from "../../files/files-elsewhere.ts";
import { asBackup } from "../../migration/as-backup.ts";
import {
  differs,
  isSame,
  type Migrated,
  type Migration,
  type MigrationSource,
} from "../../migration/migration.ts";
import { pendingBytes } from "../../migration/pending-records.ts";
import { countRows } from "../../migration/read-table.ts";
import { keptTables, SCHEMA, SCHEMA_VERSION } from "../../sql/schema.ts";
import { openMemoryDatabase } from "../memory/memory-backend.ts";
import { makeFolderOf, resolveStorePath } from "../store-path.ts";
import { watchUnits } from "./changed-units.ts";
import { loadProject } from "./load-project.ts";
import { projectDisk } from "./project-disk.ts";
import { placesOf } from "./project-paths.ts";
import { projectTrees } from "./project-trees.ts";
import { restoreJson } from "./restore-json.ts";

/** Reads a project to be migrated, without changing it. */
export async function jsonSource(
  given: string,
  options: { readonly artifacts?: string | undefined },
): Promise<MigrationSource> {
  const path = resolveStorePath(given);
  const elsewhere = storageElsewhere(options);
  const places = placesOf(path);
  if (!existsSync(places.marker)) {
    throw new RivuletError("not_found", `There is no store at json:${path}.`);
  }
  const fileMode = modesOf(undefined).file;
  const database = await openMemoryDatabase();
  try {
    await watchUnits(database);
    const there = await projectDisk(path, { fileMode, readOnly: true }).read();
    if (there !== undefined) await loadProject(database, there.files);
    return {
      url: `json:${path}`,
      version: SCHEMA_VERSION,
      database,
      storage: withElsewhere(
        elsewhere,
        projectTrees({
          filesFolder: places.files,
          attachmentsFolder: places.attachments,
          readOnly: true,
        }).storage,
      ),
      // What is read is one moment of the folder, whoever has it open.
      isOpen: false,
      pendingBytes: await database.snapshot((sql) => pendingBytes(sql, places.spool)),
      close: database.close,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Where a migration goes. */
export interface JsonTarget {
  /** Folder of the project. */
  readonly path: string;
  /** Permissions of new files. */
  readonly fileMode: number | undefined;
  /** Where its files go: see `openStore`. */
  readonly artifacts: string | undefined;
}

/**
 * Migrates into a new or empty project. It is read whole into memory, written beside it and compared, and then put in its
 * place: when this is stopped, the next attempt begins anew.
 */
export async function migrateJson(
  { path: given, fileMode, artifacts }: JsonTarget,
  migration: Migration,
): Promise<Migrated> {
  if (migration.version < SCHEMA_VERSION) {
    const message = `${migration.from} has an older schema: open it once for writing, or migrate it into a sqlite: store first.`;
    throw new RivuletError("unsupported", message);
  }
  const path = resolveStorePath(given);
  if (migration.from === `json:${path}`) throw isSame(migration.from, migration.from);
  const modes = modesOf(fileMode);
  makeFolderOf(path, modes);
  const { backup, report } = asBackup(migration);
  const check = (beside: string): Promise<void> =>
    verify(beside, { migration, migrated: { ...report(), resumed: false }, artifacts });
  const elsewhere = storageElsewhere({ artifacts }, { marks: false });
  await restoreJson(backup, { path, modes, elsewhere, check });
  return { ...report(), resumed: false };
}

interface Written {
  readonly migration: Migration;
  readonly migrated: Migrated;
  readonly artifacts: string | undefined;
}

/** Rows are counted: a project numbers its runs anew, so that they are not the same in every column. */
async function verify(path: string, { migration, migrated, artifacts }: Written): Promise<void> {
  const written = await jsonSource(path, { artifacts });
  try {
    await written.database.snapshot(async (sql) => {
      let done = 0;
      for (const table of keptTables(SCHEMA)) {
        const { rows = 0 } = migrated.tables[table.name] ?? {};
        const found = await countRows(sql, table);
        done += found;
        migration.tell({ step: "verify", table: table.name, done });
        if (found === rows) continue;
        throw differs(`The table ${table.name} (${rows} rows and ${found})`, `json:${path}`);
      }
      await verifyFiles(written, migration);
    });
  } finally {
    await written.close();
  }
}

async function verifyFiles({ storage, url }: MigrationSource, migration: Migration): Promise<void> {
  for await (const { id, content } of asBackup(migration).backup.files()) {
    const there = await storage.read(id);
    if (there !== undefined && hash("sha256", there) === hash("sha256", content)) continue;
    throw differs(`The file ${id}`, url);
  }
}
