import { jsonText } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeLine } from "../output.ts";
import { storeOption } from "../store-option.ts";
import type { VerbOptions } from "./open-for.ts";

interface DownloadOptions {
  readonly to: string;
  readonly store: string;
  readonly json: boolean;
}

/** Adds the verb that writes the files of a model version into a folder. */
export function addModelDownload(group: Command, { finish, open }: Required<VerbOptions>): void {
  const command = group
    .command("download")
    .description("Writes the files of a version into a folder, all of them or none.")
    .argument("<reference>", "name, name@version, name@alias, or models:/name/3 and its like")
    .requiredOption("--to <folder>", "new or empty folder that gets the files; required")
    .addOption(storeOption())
    .option("--json", "print JSON", false);
  const download = async (reference: string, options: DownloadOptions): Promise<ExitCode> => {
    await using rivulet = await open({ id: "models.download", access: "read" }, options.store);
    const done = await rivulet.models.download(reference, { to: options.to });
    const { path, files, bytes } = done;
    writeLine(options.json ? jsonText(done) : `${files} files, ${bytes} bytes: ${path}`);
    return EXIT.ok;
  };
  command.action(async (reference: string, options: DownloadOptions) =>
    finish(await download(reference, options)),
  );
}
