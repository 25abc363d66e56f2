import { type ImportReport, importMlflow } from "@rivulet/mlflow";
import { type Command, Option } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openClient } from "../open-client.ts";
import { writeFailure, writeLine, writeNote } from "../output.ts";
import { stopSignal } from "../stop-signal.ts";
import { storeOption } from "../store-option.ts";

interface ImportOptions {
  readonly artifacts: "below" | "all" | "none";
  readonly artifactCopies?: string;
  readonly force: boolean;
  readonly store: string;
  readonly json: boolean;
}

/** Lines about what is left out. */
const MOST_LINES = 50;

/** Adds `rivulet import`. */
export function addImport(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("import")
    .description("Takes over what another tool has recorded.")
    .command("mlflow")
    .description(
      "Takes over what MLflow has recorded: experiments, runs, metrics, files, models, prompts, traces and datasets, with their ids and times. It can be done again, also after it was stopped: nothing is there twice.",
    )
    .argument("<path>", "a folder mlruns, or a SQLite file of MLflow; it is only read")
    .addOption(
      new Option(
        "--artifacts <which>",
        "files of runs: those below the path's folder; all of this machine that MLflow names; none",
      )
        .choices(["below", "all", "none"])
        .default("below"),
    )
    .option(
      "--artifact-copies <folder>",
      "a folder with a copy of files that are elsewhere, such as of a bucket",
    )
    .option("--force", "try a version of MLflow's schema that is not known", false)
    .addOption(storeOption())
    .option("--json", "print the report as JSON", false)
    .action(async (path: string, options: ImportOptions) => finish(await run(path, options)));
}

async function run(
  path: string,
  { artifacts, artifactCopies, force, store, json }: ImportOptions,
): Promise<ExitCode> {
  await using rivulet = await openClient(store);
  const report = await importMlflow(rivulet, {
    path,
    artifacts,
    ...(artifactCopies === undefined ? {} : { artifactCopies }),
    force,
    signal: stopSignal(),
    onProgress: showProgress,
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  writeLine(json ? JSON.stringify(report, null, 2) : `Imported ${describe(report)}`);
  if (report.expiring > 0) writeNote(expiringNote(report.expiring));
  if (!json) tellNames(report.renamed);
  if (report.skipped.length === 0) return EXIT.ok;
  if (!json) tellOf(report.skipped);
  return EXIT.problem;
}

function expiringNote(count: number): string {
  return `${count.toLocaleString("en")} of these traces are older than traces are kept: retention removes them, a day after an app has said so at the earliest. To keep them, pin them, or open the client with retention: false.`;
}

function tellNames(renamed: ImportReport["renamed"]): void {
  for (const { path, name } of renamed.slice(0, MOST_LINES)) writeNote(`${path} is ${name} now`);
  const others = renamed.length - MOST_LINES;
  if (others > 0) writeNote(`${others} more have another name, which --json shows`);
}

/** One line for each, as far as anybody would read. */
function tellOf(skipped: ImportReport["skipped"]): void {
  for (const { path, why } of skipped.slice(0, MOST_LINES)) {
    writeFailure(`Left out: ${path}: ${why}`);
  }
  const others = skipped.length - MOST_LINES;
  if (others > 0) writeFailure(`Left out: ${others} more, which --json shows`);
}

/** One line that is written over and over, for people who watch. */
function showProgress({ runs, metrics, artifacts, traces }: ImportReport): void {
  if (!process.stderr.isTTY) return;
  const counts = { runs, metrics, artifacts, traces };
  process.stderr.write(`\r\x1b[K${describe(counts)}`);
}

const WORDS: Readonly<Record<string, string>> = { loggedModels: "logged models" };

/** `3 experiments, 120 runs`; without what there is none of. */
function describe(counts: Partial<ImportReport>): string {
  const parts = Object.entries(counts).flatMap(([what, count]) =>
    what !== "expiring" && typeof count === "number" && count > 0
      ? [`${count.toLocaleString("en")} ${WORDS[what] ?? what}`]
      : [],
  );
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
