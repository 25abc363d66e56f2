import {
  type MigrateOptions,
  type MigrationProgress,
  type MigrationReport,
  migrateStore,
} from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { loadDriver } from "../load-driver.ts";
import { writeFailure, writeLine, writeNote } from "../output.ts";
import { stopSignal } from "../stop-signal.ts";
import { count, size } from "../view/amounts.ts";
import { badFileLines } from "../view/bad-files.ts";

/** Adds `rivulet migrate`. */
export function addMigrate(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("migrate")
    .description(
      "Brings everything of a store into a new or empty one, of any kind, and compares the two. The first is not changed. When it is stopped, the same command goes on.",
    )
    .argument("<from>", "URL of the store to read")
    .argument("<to>", "URL of the store to fill; it must not be open anywhere")
    .option(
      "--from-artifacts <place>",
      "where the files of the first are: s3://BUCKET/PREFIX?region=…; default RIVULET_ARTIFACTS, else beside it",
    )
    .option(
      "--to-artifacts <place>",
      "where those of the second go, never the same place; default beside it",
    )
    .option("--json", "print the report as JSON", false)
    .action(async (from: string, to: string, options: Options) =>
      finish(await migrate({ from, to, ...options })),
    );
}

interface Options extends Pick<MigrateOptions, "fromArtifacts" | "toArtifacts"> {
  readonly json: boolean;
}

interface Given extends Options {
  readonly from: string;
  readonly to: string;
}

async function migrate({ json, ...given }: Given): Promise<ExitCode> {
  for (const url of [given.from, given.to]) await loadDriver(url);
  const bar = progressLine(process.stderr);
  const signal = stopSignal();
  const report = await migrateStore({ ...given, signal, onProgress: bar.show }).finally(bar.end);
  writeLine(json ? JSON.stringify(report, null, 2) : describe(report));
  if (report.wasOpen) {
    writeNote(`An app has ${report.from} open: what it wrote since the start is not in the copy.`);
  }
  const bad = badFileLines(report, "copy");
  for (const line of bad) writeFailure(line);
  return bad.length === 0 ? EXIT.ok : EXIT.problem;
}

function describe({ from, to, tables, files, fileBytes, resumed }: MigrationReport): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  const what = `${count(rows, "row")} and ${count(files, "file")} (${size(fileBytes)})`;
  return `${resumed ? "Went on, and migrated" : "Migrated"} ${what} from ${from} to ${to}; both have the same.`;
}

const REDRAW_MS = 100;
const WIDTH = 24;

/** A line that says how far it is, on a terminal only. */
function progressLine(output: NodeJS.WriteStream): {
  readonly show: (progress: MigrationProgress) => void;
  readonly end: () => void;
} {
  if (!output.isTTY) return { show: () => undefined, end: () => undefined };
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      const now = performance.now();
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      output.write(`\r\u001B[K${lineOf(progress)}`);
    },
    end: () => void output.write("\r\u001B[K"),
  };
}

const STEPS: Readonly<Record<MigrationProgress["step"], string>> = {
  rows: "Copying",
  verify: "Comparing",
  files: "Copying files",
};

function lineOf({ step, table = "", done, total }: MigrationProgress): string {
  const number = done.toLocaleString("en");
  if (total === undefined || total === 0) return `${STEPS[step]} ${table} ${number}`;
  const part = Math.min(1, done / total);
  const bar = "█".repeat(Math.round(part * WIDTH)).padEnd(WIDTH, "░");
  return `${STEPS[step]} ${bar} ${Math.floor(part * 100)}% ${table} ${number} of ${total.toLocaleString("en")}`;
}
