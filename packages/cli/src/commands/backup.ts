import type { BackupReport } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openReader } from "../open-client.ts";
import { writeFailure, writeLine } from "../output.ts";
import { storeOption } from "../store-option.ts";
import { requireStore } from "../store-presence.ts";
import { count, size } from "../view/amounts.ts";
import { badFileLines } from "../view/bad-files.ts";

interface BackupOptions {
  readonly store: string;
  readonly json: boolean;
}

/** Adds `rivulet backup`. */
export function addBackup(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("backup")
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
  await requireStore(store, ": nothing to back up.");
  await using rivulet = await openReader(store);
  const report = await rivulet.backup(folder);
  writeLine(json ? JSON.stringify(report, null, 2) : `Backed up ${describe(report)}`);
  const bad = badFileLines(report, "backup");
  for (const line of bad) writeFailure(line);
  return bad.length === 0 ? EXIT.ok : EXIT.problem;
}

/** `12 rows and 3 files (4.5 kB): /path`. */
export function describe({ path, rows, files, bytes }: BackupReport): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return `${count(total, "row")} and ${count(files, "file")} (${size(bytes)}): ${path}`;
}
