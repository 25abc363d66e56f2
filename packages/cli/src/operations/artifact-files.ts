import type { Command } from "commander";
import { storeOption } from "../store-option.ts";
import { type GetOptions, getArtifacts } from "./get-artifacts.ts";
import type { VerbOptions } from "./open-for.ts";
import { type PutOptions, putArtifacts } from "./put-artifacts.ts";

/** Adds the verbs that read and write the bytes of files. */
export function addArtifactFiles(group: Command, { finish, open }: Required<VerbOptions>): void {
  const get = group
    .command("get")
    .description("Writes the bytes of one file to stdout or to a file, or a folder into a folder.")
    .requiredOption("--run-id <text>", "id of the run; required")
    .option("--path <text>", "the file or folder in the run (default: everything of the run)")
    .option("-o, --output <place>", "where the bytes go; a folder for a folder (default: stdout)")
    .option("--zip", "as a ZIP archive", false)
    .addOption(storeOption());
  get.action(async (options: GetOptions) => finish(await getArtifacts(get, options, open)));
  const put = group
    .command("put")
    .description(
      "Stores a file, or all files in a folder, with a run; those of the same path are replaced.",
    )
    .argument("<file>", "the file or folder, or - for stdin")
    .requiredOption("--run-id <text>", "id of the run; required")
    .option(
      "--path <text>",
      "the file or folder in the run (default: the file's name; the run's top)",
    )
    .option("--content-type <text>", "MIME type of a file (default: derived from the path)")
    .addOption(storeOption())
    .option("--json", "print JSON, as the HTTP API answers", false);
  put.action(async (file: string, options: PutOptions) =>
    finish(await putArtifacts(put, { ...options, file }, open)),
  );
}
