import { opendir, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { ArtifactContent } from "../artifacts/artifact-content.ts";
import type { Artifacts } from "../artifacts/artifacts.ts";

/**
 * The files of a model: the path of a folder or a file on disk, or the content of each file by its path, such as
 * `{ "model.json": text, "weights.bin": bytes }`.
 */
export type ModelFiles = string | URL | Readonly<Record<string, ArtifactContent>>;

/** The folder among the artifacts of a run that a model is in. */
export interface ModelFolder {
  readonly runId: string;
  readonly path: string;
}

/** Stores the files of a model in its folder. */
export type StoreFiles = (artifacts: ArtifactWriter, folder: ModelFolder) => Promise<void>;

/** What is used of the artifacts. */
export type ArtifactWriter = Pick<Artifacts, "put" | "putFile" | "putFolder">;

/** How the files of a model are stored. @throws RivuletError `invalid_argument` for what is no files, or cannot be read */
export async function readModelFiles(files: ModelFiles): Promise<StoreFiles> {
  return typeof files === "string" || files instanceof URL ? onDisk(files) : given(files);
}

function given(files: unknown): StoreFiles {
  const isPlain = Object.prototype.toString.call(files) === "[object Object]";
  const prototype = isPlain ? Object.getPrototypeOf(files) : undefined;
  if (!isPlain || (prototype !== null && prototype !== Object.prototype)) {
    throw refusal(
      'they must be the path of a folder or file, or an object such as { "model.json": text }',
    );
  }
  const entries = Object.entries(files as Readonly<Record<string, ArtifactContent>>);
  if (entries.length === 0) throw refusal("there are none");
  return async (artifacts, { runId, path }) => {
    for (const [name, content] of entries) {
      await artifacts.put({ runId, path: `${path}/${name}`, content });
    }
  };
}

async function onDisk(place: string | URL): Promise<StoreFiles> {
  const from = await lookAt(place);
  return async (artifacts, { runId, path }) => {
    if (from.isFolder) await artifacts.putFolder({ runId, folder: from.path, path });
    else await artifacts.putFile({ runId, file: from.path, path: `${path}/${from.name}` });
  };
}

interface OnDisk {
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
}

async function lookAt(place: string | URL): Promise<OnDisk> {
  try {
    const path = typeof place === "string" ? place : fileURLToPath(place);
    const isFolder = (await stat(path)).isDirectory();
    if (isFolder && !(await hasFiles(path))) throw refusal(`there are none in ${path}`);
    return { path, name: path.split(/[\\/]/).at(-1) ?? path, isFolder };
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw refusal(`they cannot be read: ${messageOf(cause)}`, cause);
  }
}

async function hasFiles(folder: string): Promise<boolean> {
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isDirectory()) return true;
  }
  return false;
}

function refusal(problem: string, cause?: unknown): RivuletError {
  return new RivuletError("invalid_argument", `The files of the model: ${problem}.`, {
    cause,
    details: { field: "files" },
  });
}
