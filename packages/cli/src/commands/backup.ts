import { type BackupReport, RivuletError } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { isPostgres } from "../load-driver.ts";
import { openReader } from "../open-client.ts";
import { writeFailure, writeLine } from "../output.ts";
import { isThere, storeFile } from "../store-file.ts";
import { storeOption } from "../store-option.ts";

interface BackupOptions {
  readonly store: string;
  readonly json: boolean;
}

/** Adds `rivulet backup`. */
export function addBackup(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("backup")
    .summary("copy everything of one moment into a folder")
    .description(
      "Writes every record and every artifact of one moment into a folder that is not there yet, while apps go on using the store. `rivulet restore` brings it back, into any kind of store.",
    )
    .argument("<folder>", "where the backup goes")
    .addOption(storeOption())
    .option("--json", "print the report as JSON", false)
    .action(async (folder: string, options: BackupOptions) =>
      finish(await backup(folder, options)),
    );
}

async function backup(folder: string, { store, json }: BackupOptions): Promise<ExitCode> {
  await requireStore(store);
  await using rivulet = await openReader(store);
  const report = await rivulet.backup(folder);
  writeLine(json ? JSON.stringify(report, null, 2) : `Backed up ${describe(report)}`);
  if (report.missingFiles.length === 0) return EXIT.ok;
  writeFailure(
    `The store has lost ${report.missingFiles.length} files that its records refer to; the backup lacks them, too: ${report.missingFiles.slice(0, 3).join(", ")}`,
  );
  return EXIT.problem;
}

/** Opening a store that does not exist would create an empty one. */
async function requireStore(url: string): Promise<void> {
  const place = isPostgres(url) ? await missingInPostgres(url) : await missingFile(url);
  if (place === undefined) return;
  throw new RivuletError("not_found", `There is no store at ${place}: nothing to back up.`);
}

async function missingFile(url: string): Promise<string | undefined> {
  const file = storeFile(url);
  return file === undefined || (await isThere(file)) ? undefined : file;
}

async function missingInPostgres(url: string): Promise<string | undefined> {
  const { inspectPostgres } = await import("@rivulet/postgres");
  const { schemaVersion, publicUrl } = await inspectPostgres(url);
  return schemaVersion === 0 ? publicUrl : undefined;
}

/** `12 rows and 3 files (4.5 kB): /path`. */
export function describe({ path, rows, files, bytes }: BackupReport): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return `${count(total, "row")} and ${count(files, "file")} (${size(bytes)}): ${path}`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

const UNITS = ["kB", "MB", "GB", "TB"] as const;

function size(bytes: number): string {
  let value = bytes;
  let unit = "bytes";
  for (const next of UNITS) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${unit === "bytes" ? value : value.toFixed(1)} ${unit}`;
}
