import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { type Artifact, jsonText, messageOf } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeLine, writeNote } from "../output.ts";
import { storeOption } from "../store-option.ts";
import { describeResult } from "../view/describe-result.ts";
import type { OpenFor, VerbOptions } from "./open-for.ts";

interface Opening {
  readonly open: OpenFor;
}

interface GetOptions {
  readonly runId: string;
  readonly path: string;
  readonly output?: string;
  readonly store: string;
}

interface PutOptions {
  readonly runId: string;
  readonly path: string;
  readonly contentType?: string;
  readonly store: string;
  readonly json: boolean;
}

/** Adds the verbs that read and write the bytes of files. */
export function addArtifactFiles(group: Command, { finish, open }: Required<VerbOptions>): void {
  const get = group
    .command("get")
    .description("Writes the bytes of one file to stdout, or to a file.")
    .requiredOption("--run-id <text>", "id of the run; required")
    .requiredOption("--path <text>", "name of the file in the run; required")
    .option("-o, --output <file>", "where the bytes go (default: stdout)")
    .addOption(storeOption());
  get.action(async (options: GetOptions) => finish(await getFile(get, { ...options, open })));
  const put = group
    .command("put")
    .description("Stores a file with a run; one of the same path is replaced.")
    .argument("<file>", "the file, or - for stdin")
    .requiredOption("--run-id <text>", "id of the run; required")
    .requiredOption("--path <text>", "name of the file in the run; required")
    .option("--content-type <text>", "MIME type (default: derived from the path)")
    .addOption(storeOption())
    .option("--json", "print JSON, as the HTTP API answers", false);
  put.action(async (file: string, options: PutOptions) =>
    finish(await putFile(put, file, { ...options, open })),
  );
}

async function getFile(
  command: Command,
  { runId, path, output, store, open }: GetOptions & Opening,
): Promise<ExitCode> {
  await using rivulet = await open({ id: "artifacts.get", access: "read" }, store);
  const { content } = await rivulet.artifacts.get({ runId, path });
  if (output !== undefined) {
    await writeFile(output, content).catch((error: unknown) =>
      command.error(`error: --output: cannot be written (${messageOf(error)})`),
    );
    writeNote(`${content.byteLength} bytes: ${output}`);
    return EXIT.ok;
  }
  if (process.stdout.isTTY && content.includes(0)) {
    return command.error(`error: --output: ${path} is no text; name a file for its bytes`);
  }
  process.stdout.write(content);
  return EXIT.ok;
}

async function putFile(
  command: Command,
  file: string,
  options: PutOptions & Opening,
): Promise<ExitCode> {
  const { runId, path, contentType, store, json, open } = options;
  const content = await readContent(file).catch((error: unknown) =>
    command.error(`error: file: cannot be read (${messageOf(error)})`),
  );
  await using rivulet = await open({ id: "artifacts.put", access: "write" }, store);
  const artifact: Artifact = await rivulet.artifacts.put({
    runId,
    path,
    content,
    ...(contentType === undefined ? {} : { contentType }),
  });
  writeLine(json ? jsonText(artifact) : describeResult("artifacts.put", artifact));
  return EXIT.ok;
}

function readContent(file: string): Promise<Uint8Array> {
  return file === "-" ? buffer(process.stdin) : readFile(file);
}
