import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type ModelFile, messageOf, RivuletError } from "@rivulet/domain";
import type { Store, StoredModelFile } from "@rivulet/store";
import { checkArtifactPath, checkDiskPath } from "../artifacts/artifact-path.ts";
import { type ZipEntry, zipOf } from "../artifacts/artifact-zip.ts";
import type { Context } from "../context.ts";
import { notFound } from "../reference.ts";
import { parseInput } from "../validation.ts";
import { getVersion } from "./find-version.ts";
import { downloadModelSchema, loadModelSchema, streamModelSchema } from "./model-input.ts";
import { streamModelFile } from "./model-stream.ts";
import type { Models } from "./models.ts";

/** Most files that a message names. */
const MOST_NAMED = 10;

type FileVerb = "files" | "load" | "stream" | "zip" | "download";

/** The verbs that read the files of versions. */
export function createModelFiles({ store }: Context): Pick<Models, FileVerb> {
  const find = async (reference: string) => {
    const opened = await store();
    const { name, version, createdAt } = await getVersion(opened, reference);
    return { files: await opened.models.listFiles({ name, version }), createdAt };
  };
  const list = async (reference: string): Promise<readonly StoredModelFile[]> =>
    (await find(reference)).files;
  return {
    files: async (reference) => (await list(reference)).map(withoutId),
    load: async (reference, options = {}) => {
      const { path } = parseInput(loadModelSchema, options, "options");
      const file = fileAt(await list(reference), { reference, path });
      const { content } = await streamModelFile(await store(), file);
      return new Uint8Array(await new Response(content).arrayBuffer());
    },
    stream: async (reference, options = {}) => {
      const { path, range } = parseInput(streamModelSchema, options, "options");
      const file = fileAt(await list(reference), { reference, path });
      return streamModelFile(await store(), file, range);
    },
    zip: async (reference) => {
      const { files, createdAt } = await find(reference);
      if (files.length === 0) throw notFound("file of model version", reference);
      return zipOf(entries(await store(), files, createdAt));
    },
    download: async (reference, options) => {
      const { to } = parseInput(downloadModelSchema, options, "options");
      const files = await list(reference);
      if (files.length === 0) throw notFound("file of model version", reference);
      return writeFolder(await store(), files, resolve(to));
    },
  };
}

async function* entries(
  store: Store,
  files: readonly StoredModelFile[],
  createdAt: number,
): AsyncGenerator<ZipEntry> {
  for (const file of files) {
    const { content, size } = await streamModelFile(store, file);
    yield { name: file.path, createdAt, content, size };
  }
}

function withoutId({ fileId: _id, ...file }: StoredModelFile): ModelFile {
  return file;
}

interface Wanted {
  readonly reference: string;
  readonly path: string | undefined;
}

/** The file at a path, or the only one. @throws RivuletError `not_found`; `invalid_argument` for one of several */
function fileAt(files: readonly StoredModelFile[], { reference, path }: Wanted): StoredModelFile {
  const [first, ...others] = files;
  if (first === undefined) throw notFound("artifact of model version", reference);
  if (path === undefined) {
    if (others.length === 0) return first;
    throw new RivuletError(
      "invalid_argument",
      `Model "${reference}" is a folder of ${files.length} files: ${named(files)}. Name one with path, or download all of them.`,
      { details: { field: "path", files: files.length } },
    );
  }
  const found = files.find((file) => file.path === path);
  if (found !== undefined) return found;
  throw new RivuletError(
    "not_found",
    `Model "${reference}" has no file "${path}". Its files are ${named(files)}.`,
    { details: { id: path } },
  );
}

function named(files: readonly StoredModelFile[]): string {
  const paths = files.slice(0, MOST_NAMED).map(({ path }) => path);
  const rest = files.length - paths.length;
  return `${paths.join(", ")}${rest === 0 ? "" : ` and ${rest} more`}`;
}

/** Writes all files beside the folder, which then takes its place: nobody sees a part of them. */
async function writeFolder(store: Store, files: readonly StoredModelFile[], to: string) {
  // Checked again: a store may have been written by anybody.
  for (const { path } of files) checkDiskPath(checkArtifactPath(path));
  await refuseFilled(to);
  const beside = join(dirname(to), `rivulet-${randomBytes(6).toString("hex")}.tmp`);
  let bytes = 0;
  try {
    for (const file of files) {
      const path = join(beside, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, (await streamModelFile(store, file)).content, { flag: "wx" });
      bytes += file.size;
    }
    await rmdir(to).catch(() => undefined);
    await rename(beside, to);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (error instanceof RivuletError) throw error;
    throw new RivuletError(
      "store_unavailable",
      `The model cannot be written to ${to}: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return { path: to, files: files.length, bytes };
}

async function refuseFilled(to: string): Promise<void> {
  const entries = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") return [to];
    throw new RivuletError("store_unavailable", `${to} cannot be read: ${error.message}`, {
      cause: error,
    });
  });
  if (entries.length === 0) return;
  throw new RivuletError(
    "already_exists",
    `${to} exists and is not an empty folder. Name another one.`,
    { details: { path: to } },
  );
}
