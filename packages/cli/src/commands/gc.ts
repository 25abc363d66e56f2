import type { Purged, Rivulet } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openClient } from "../open-client.ts";
import { writeFailure, writeLine } from "../output.ts";
import { storeOption } from "../store-option.ts";
import { requireStore } from "../store-presence.ts";

interface GcOptions {
  readonly store: string;
  readonly olderThan?: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Adds `rivulet gc`. */
export function addGc(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("gc")
    .description(
      "Removes deleted runs and experiments for good, with everything that belongs to them. What a version of a model is made of is kept.",
    )
    .addOption(storeOption())
    .option(
      "--older-than <time>",
      "only what was deleted longer ago, such as 12h, 30d or 4w",
      (text) => readTime(program, text),
    )
    .option("--dry-run", "remove nothing, and tell what would be removed", false)
    .option("--yes", "remove it; without, nothing is removed", false)
    .option("--json", "print the report as JSON", false)
    .action(async (options: GcOptions) => finish(await gc(options)));
}

function readTime(program: Command, text: string): number {
  const { amount = "", unit = "" } = /^(?<amount>\d{1,6})(?<unit>[mhdw])$/.exec(text)?.groups ?? {};
  const unitMs = UNITS[unit];
  if (unitMs !== undefined) return Number(amount) * unitMs;
  return program.error(
    `error: --older-than takes a time such as 90m, 12h, 30d or 4w, not ${JSON.stringify(text)}`,
  );
}

async function gc({ store, olderThan, dryRun, yes, json }: GcOptions): Promise<ExitCode> {
  await requireStore(store, ": nothing to remove.");
  await using rivulet = await openClient(store);
  const isTrial = dryRun || !yes;
  const report = await purge(rivulet, {
    ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
    dryRun: isTrial,
  });
  const { experiments, runs, traces, kept } = report;
  const verb = isTrial ? "Would remove" : "Removed";
  writeLine(
    json
      ? JSON.stringify({ dryRun: isTrial, ...report }, null, 2)
      : `${verb} for good: ${count(experiments, "experiment")}, ${count(runs, "run")}, ${count(traces, "trace")}.`,
  );
  if (!json) for (const { message } of kept) writeLine(`  ${message}`);
  if (!isTrial || dryRun || experiments + runs === 0) return EXIT.ok;
  writeFailure("Nothing was removed: say --yes to remove it.");
  return EXIT.problem;
}

interface Report {
  readonly experiments: number;
  readonly runs: number;
  readonly traces: number;
  readonly kept: Purged["kept"];
}

/** The runs of deleted experiments first: what is left are those that were deleted by themselves. */
async function purge(
  { experiments, runs }: Rivulet,
  options: { readonly olderThanMs?: number; readonly dryRun: boolean },
): Promise<Report> {
  const whole = await experiments.purge(options);
  const single = await runs.purge(options);
  // A trial leaves the runs of the experiments where they are, and finds them once more.
  const both = options.dryRun ? single.count : whole.runs + single.count;
  const kept = new Map([...whole.kept, ...single.kept].map((one) => [one.message, one]));
  return {
    experiments: whole.count,
    runs: Math.max(both, whole.runs),
    traces: whole.traces,
    kept: [...kept.values()],
  };
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}
