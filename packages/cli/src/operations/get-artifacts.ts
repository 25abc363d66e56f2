import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { messageOf, type Rivulet, RivuletError } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeNote } from "../output.ts";
import type { OpenFor } from "./open-for.ts";

/** Options of `artifacts get`. */
export interface GetOptions {
  readonly runId: string;
  readonly path?: string;
  readonly output?: string;
  readonly zip: boolean;
  readonly store: string;
}

/** Writes a file to stdout or to a file, a folder into a folder, or either as an archive. */
export async function getArtifacts(
  command: Command,
  options: GetOptions,
  open: OpenFor,
): Promise<ExitCode> {
  const { runId, path, output, zip, store } = options;
  await using rivulet = await open({ id: "artifacts.get", access: "read" }, store);
  const selection = { runId, ...(path === undefined ? {} : { path }) };
  if (zip) {
    if (output === undefined && process.stdout.isTTY)
      return command.error("error: --output: an archive is no text; name a file for its bytes");
    return writeOut(command, await rivulet.artifacts.zip(selection), output);
  }
  if (path === undefined || (await isFolder(rivulet, { runId, path }))) {
    if (output === undefined)
      return command.error("error: --output: name a folder for the files, or use --zip");
    const { files, bytes } = await rivulet.artifacts.download({ ...selection, to: output });
    writeNote(`${files.length} files, ${bytes} bytes: ${output}`);
    return EXIT.ok;
  }
  const { content } = await rivulet.artifacts.stream({ runId, path });
  const shown = output === undefined && process.stdout.isTTY ? onlyText(content, path) : content;
  return writeOut(command, shown, output);
}

async function isFolder(
  rivulet: Rivulet,
  folder: { readonly runId: string; readonly path: string },
): Promise<boolean> {
  const { items } = await rivulet.artifacts.listFolder({ ...folder, limit: 1 });
  return items.length > 0;
}

async function writeOut(
  command: Command,
  content: ReadableStream<Uint8Array>,
  output: string | undefined,
): Promise<ExitCode> {
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const part of Readable.fromWeb(content as NodeStream<Uint8Array>)) {
      bytes += part.byteLength;
      yield part;
    }
  };
  if (output === undefined) {
    for await (const part of counted()) process.stdout.write(part);
    return EXIT.ok;
  }
  try {
    await pipeline(counted(), createWriteStream(output));
  } catch (error) {
    if (error instanceof RivuletError) {
      await rm(output, { force: true });
      throw error;
    }
    return command.error(`error: --output: cannot be written (${messageOf(error)})`);
  }
  writeNote(`${bytes} bytes: ${output}`);
  return EXIT.ok;
}

/** Other bytes would command the terminal. */
function onlyText(content: ReadableStream<Uint8Array>, path: string): ReadableStream<Uint8Array> {
  return content.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(part, controller) {
        if (!part.includes(0)) return controller.enqueue(part);
        throw new RivuletError(
          "invalid_argument",
          `--output: ${path} is no text; name a file for its bytes`,
        );
      },
    }),
  );
}
