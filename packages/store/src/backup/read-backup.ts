import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import { createFileTree } from "../files/file-tree.ts";
import type { SqlValue } from "../sql/database.ts";
import { keptTables, SCHEMA, type Schema, versionOf } from "../sql/schema.ts";
import type { Table } from "../sql/table.ts";
import type { CopiedFile } from "./copy-files.ts";
import { damaged, type Manifest, NAMES, parseManifest } from "./manifest.ts";
import { type Line, readLinesFile } from "./read-lines.ts";
import { parseRow } from "./row-text.ts";

/** A finished backup. Whatever has been read to its end has been verified against the manifest. */
export interface Backup {
  /** Absolute path of its folder. */
  readonly path: string;
  /** What the backup says it contains. */
  readonly manifest: Manifest;
  /** The schema to restore into; that of the backup may be older. */
  readonly schema: Schema;
  /** The rows of a table, in batches. @throws RivuletError `store_corrupt` with file and line */
  rows(table: Table): AsyncGenerator<RowsOfLines>;
  /** The files, one at a time. @throws RivuletError `store_corrupt` */
  files(): AsyncGenerator<{ readonly id: string; readonly content: Uint8Array }>;
}

/** A batch of rows, and where they were read. */
export interface RowsOfLines {
  readonly rows: readonly (readonly SqlValue[])[];
  /** File and lines, for messages. */
  readonly where: string;
}

/**
 * Opens a backup for reading.
 *
 * @throws RivuletError `not_found` when there is none; `store_corrupt` when it is unfinished or damaged;
 * `store_too_new`; `store_unavailable`
 */
export async function openBackup(folder: string, schema: Schema = SCHEMA): Promise<Backup> {
  const path = resolve(folder);
  const manifest = parseManifest(await readManifest(path), versionOf(schema));
  checkTables(manifest, keptTables(schema, manifest.schema));
  const tree = createFileTree({ folder: join(path, NAMES.files) });
  return {
    path,
    manifest,
    schema,
    async *rows(table) {
      const name = NAMES.tableFile(table.name);
      const expected = manifest.tables[table.name];
      // The table is newer than the backup.
      if (expected === undefined) return;
      for await (const lines of readLinesFile({ folder: path, name, expected })) {
        const rows = lines.map((line) => parsed(name, line, (text) => parseRow(table, text)));
        yield { rows, where: `${name}, lines ${lines[0]?.number} to ${lines.at(-1)?.number}` };
      }
    },
    async *files() {
      const name = NAMES.fileList;
      for await (const lines of readLinesFile({ folder: path, name, expected: manifest.files })) {
        for (const line of lines) {
          const file = parsed(name, line, parseFile);
          const content = await tree.read(file.id);
          checkFile(file, content);
          yield { id: file.id, content };
        }
      }
    },
  };
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readFile(join(path, NAMES.manifest), "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new RivuletError(
        "store_unavailable",
        `Cannot read the backup ${path}: ${messageOf(cause)}`,
        {
          cause,
        },
      );
    }
    const isUnfinished = await stat(join(path, NAMES.unfinished)).catch(() => undefined);
    if (isUnfinished === undefined) {
      throw new RivuletError("not_found", `There is no backup at ${path}: it has no backup.json.`);
    }
    throw new RivuletError(
      "store_corrupt",
      `The backup at ${path} is unfinished: the process that wrote it ended early. Take another backup.`,
      { details: { path } },
    );
  }
}

function checkTables({ tables }: Manifest, wanted: readonly Table[]): void {
  const names = wanted.map(({ name }) => name);
  const unknown = Object.keys(tables).find((name) => !names.includes(name));
  if (unknown !== undefined) throw damaged(NAMES.manifest, `it has an unknown table "${unknown}"`);
  const missing = names.find((name) => !Object.hasOwn(tables, name));
  if (missing !== undefined) throw damaged(NAMES.manifest, `it lacks the table "${missing}"`);
}

function parsed<T>(name: string, { number, text }: Line, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? "it is not valid JSON" : (cause as Error).message;
    throw damaged(`${name}, line ${number}`, reason, cause);
  }
}

function parseFile(text: string): CopiedFile {
  const { id, sha256 } = JSON.parse(text) as Partial<CopiedFile>;
  if (typeof id === "string" && typeof sha256 === "string") return { id, sha256 };
  throw new Error("it names no file");
}

function checkFile(
  file: CopiedFile,
  content: Uint8Array | undefined,
): asserts content is Uint8Array {
  const where = `${NAMES.files}/…/${file.id}`;
  if (content === undefined) throw damaged(where, "the file is missing");
  if (hash("sha256", content) === file.sha256) return;
  throw damaged(where, "its content has changed since the backup was made (SHA-256)");
}
