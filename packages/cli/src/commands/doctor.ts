import type { Command } from "commander";
import colors from "picocolors";
import { artifactsOption } from "../artifacts-option.ts";
import { checkArtifacts } from "../doctor/check-artifacts.ts";
import { checkRuntime, thisRuntime } from "../doctor/check-runtime.ts";
import { checkStore } from "../doctor/check-store.ts";
import type { Finding } from "../doctor/finding.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeLine } from "../output.ts";
import { storeOption } from "../store-option.ts";

interface DoctorOptions {
  readonly store: string;
  readonly artifacts?: string;
  readonly json: boolean;
}

/** Adds `rivulet doctor`. */
export function addDoctor(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("doctor")
    .description(
      "Checks Node, SQLite, the folder and the store without changing anything; in the place of artifacts, it writes a small object and deletes it again. Exits with code 1 if there is a problem.",
    )
    .addOption(storeOption())
    .addOption(artifactsOption())
    .option("--json", "print the findings as JSON", false)
    .action(async (options: DoctorOptions) => finish(await doctor(options)));
}

async function doctor({ store, artifacts, json }: DoctorOptions): Promise<ExitCode> {
  const findings = [
    ...checkRuntime(thisRuntime()),
    ...(await checkArtifacts(artifacts)),
    ...(await checkStore(store, artifacts)),
  ];
  if (json) writeLine(JSON.stringify(findings, null, 2));
  else for (const finding of findings) writeLine(describe(finding));
  return findings.some(({ status }) => status === "problem") ? EXIT.problem : EXIT.ok;
}

const MARKS: Readonly<Record<Finding["status"], string>> = {
  ok: colors.green("✓"),
  note: colors.yellow("!"),
  problem: colors.red("✗"),
};

function describe({ name, status, detail }: Finding): string {
  return `${MARKS[status]} ${name.padEnd(9)} ${detail}`;
}
