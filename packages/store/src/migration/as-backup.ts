import { hash } from "node:crypto";
import { pagesOfNamed } from "../backup/copy-files.ts";
import { BACKUP_FORMAT } from "../backup/manifest.ts";
import type { Backup } from "../backup/read-backup.ts";
import { VERSION } from "../backup/version.ts";
import type { NamedFile } from "../sql/named-files.ts";
import { SCHEMA } from "../sql/schema.ts";
import type { Migrated, Migration, VerifiedTable } from "./migration.ts";
import { pagesOf, partAt, tableDigest } from "./read-table.ts";

/** A backup that is read from a store, and what was read of it. */
export interface StreamedBackup {
  readonly backup: Backup;
  /** What went through it. */
  readonly report: () => Omit<Migrated, "resumed">;
}

/** A store as a backup, without a folder between. */
export function asBackup(migration: Migration): StreamedBackup {
  const { from, sql, version, storage, tell, check } = migration;
  const tables: Record<string, VerifiedTable> = {};
  const missingFiles: string[] = [];
  const damagedFiles: string[] = [];
  let [done, files, fileBytes] = [0, 0, 0];
  const read = async ({ id, sha256 }: NamedFile): Promise<Uint8Array | undefined> => {
    check();
    const content = await storage.read(id, sql);
    if (content === undefined) missingFiles.push(id);
    else if (hash("sha256", content) !== sha256) damagedFiles.push(id);
    return content;
  };
  const nothing = { lines: 0, bytes: 0, sha256: "" };
  const backup: Backup = {
    path: from,
    schema: SCHEMA,
    manifest: {
      rivuletBackup: BACKUP_FORMAT,
      schema: version,
      createdAt: new Date(0).toISOString(),
      createdBy: VERSION,
      tables: {},
      files: nothing,
      fileBytes: 0,
      missingFiles,
    },
    async *rows(table) {
      const part = partAt(table, version);
      const digest = tableDigest(part);
      const places = Object.keys(table.columns).map((name) =>
        part.columns.findIndex(([column]) => column === name),
      );
      for await (const page of pagesOf(sql, part)) {
        digest.add(page);
        done += page.rows.length;
        tell({ step: "rows", table: table.name, done });
        check();
        yield {
          rows: page.rows.map((row) => places.map((at) => row[at] ?? null)),
          where: `${table.name} of ${from}`,
        };
      }
      tables[table.name] = digest.result();
    },
    async *files() {
      for await (const named of pagesOfNamed(sql)) {
        for (const file of named) {
          const content = await read(file);
          if (content === undefined) continue;
          files += 1;
          fileBytes += content.byteLength;
          tell({ step: "files", done: files });
          yield { id: file.id, content };
        }
      }
    },
  };
  return { backup, report: () => ({ tables, files, fileBytes, missingFiles, damagedFiles }) };
}
