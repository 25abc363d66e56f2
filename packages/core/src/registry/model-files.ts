import { hash, randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type ModelFile, messageOf, RivuletError } from "@rivulet/domain";
import type { Store, StoredModelFile } from "@rivulet/store";
import { checkArtifactPath } from "../artifacts/artifact-path.ts";
import type { Context } from "../context.ts";
import { notFound } from "../reference.ts";
import { parseInput } from "../validation.ts";
import { getVersion } from "./find-version.ts";
import { downloadModelSchema, loadModelSchema } from "./model-input.ts";
import type { Models } from "./models.ts";

/** Most files that a message names. */
const MOST_NAMED = 10;

/** The verbs that read the files of versions. */
export function createModelFiles({ store }: Context): Pick<Models, "files" | "load" | "download"> {
  const list = async (reference: string): Promise<readonly StoredModelFile[]> => {
    const opened = await store();
    const { name, version } = await getVersion(opened, reference);
    return opened.models.listFiles({ name, version });
  };
  return {
    files: async (reference) => (await list(reference)).map(withoutId),
    load: async (reference, options = {}) => {
      const { path } = parseInput(loadModelSchema, options, "options");
      return readFile(await store(), fileAt(await list(reference), { reference, path }));
    },
    download: async (reference, options) => {
      const { to } = parseInput(downloadModelSchema, options, "options");
      const files = await list(reference);
      if (files.length === 0) throw notFound("file of model version", reference);
      return writeFolder(await store(), files, resolve(to));
    },
  };
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

async function readFile(
  store: Store,
  { name, version, path, fileId, sha256 }: StoredModelFile,
): Promise<Uint8Array> {
  const content = await store.files.read(fileId);
  if (content !== undefined && hash("sha256", content) === sha256) return content;
  const is = content === undefined ? "are not in the store" : "are not those that were registered";
  throw new RivuletError(
    "store_corrupt",
    `The bytes of ${path} of model ${name}, version ${version}, ${is}. Restore a backup, or register the model again.`,
    { details: { name, version, path } },
  );
}

/** Writes all files beside the folder, which then takes its place: nobody sees a part of them. */
async function writeFolder(store: Store, files: readonly StoredModelFile[], to: string) {
  await refuseFilled(to);
  const beside = `${to}.${randomBytes(6).toString("hex")}.tmp`;
  let bytes = 0;
  try {
    for (const file of files) {
      // Checked again: a store may have been written by anybody.
      const path = join(beside, checkArtifactPath(file.path));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await readFile(store, file), { flag: "wx" });
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
