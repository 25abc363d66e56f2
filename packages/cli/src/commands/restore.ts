import { restoreBackup } from "@rivulet/core";
import type { Command } from "commander";
import { artifactsOption } from "../artifacts-option.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { loadDriver } from "../load-driver.ts";
import { writeLine } from "../output.ts";
import { storeOption } from "../store-option.ts";
import { describe } from "./backup.ts";

interface RestoreOptions {
  readonly store: string;
  readonly artifacts?: string;
  readonly json: boolean;
}

/** Adds `rivulet restore`. */
export function addRestore(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("restore")
    .description(
      "Restores a backup into a new or empty store that is not open anywhere. The restore is atomic: if it fails, the store is unchanged.",
    )
    .argument("<folder>", "the backup")
    .addOption(storeOption())
    .addOption(artifactsOption())
    .option("--json", "print the report as JSON", false)
    .action(async (folder: string, options: RestoreOptions) =>
      finish(await restore(folder, options)),
    );
}

async function restore(
  folder: string,
  { store, artifacts, json }: RestoreOptions,
): Promise<ExitCode> {
  await loadDriver(store);
  const report = await restoreBackup(folder, {
    store,
    ...(artifacts === undefined ? {} : { artifacts }),
  });
  writeLine(json ? JSON.stringify(report, null, 2) : `Restored ${describe(report)}`);
  return EXIT.ok;
}
