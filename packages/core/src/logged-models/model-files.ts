import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { ArtifactContent } from "../artifacts/artifact-content.ts";

/**
 * The files of a model: the path of a folder or a file on disk, or the content of each file by its path, such as
 * `{ "model.json": text, "weights.bin": bytes }`.
 */
export type ModelFiles = string | URL | Readonly<Record<string, ArtifactContent>>;

/** One file of a model. */
export interface ModelFile {
  /** Its path within the model's folder. */
  readonly path: string;
  /** Its content; one on disk is opened when it is asked for. */
  readonly content: () => ArtifactContent;
}

/** Most files of a model. */
const MOST_FILES = 10_000;

/** The files of a model. @throws RivuletError `invalid_argument` for what is no files, or cannot be read */
export async function listModelFiles(files: ModelFiles): Promise<readonly ModelFile[]> {
  const found =
    typeof files === "string" || files instanceof URL ? await onDisk(files) : given(files);
  if (found.length > 0 && found.length <= MOST_FILES) return found;
  throw refusal(
    found.length === 0 ? "there are none" : `there are ${found.length}; ${MOST_FILES} is the most`,
  );
}

function given(files: unknown): readonly ModelFile[] {
  const isPlain = Object.prototype.toString.call(files) === "[object Object]";
  const prototype = isPlain ? Object.getPrototypeOf(files) : undefined;
  if (!isPlain || (prototype !== null && prototype !== Object.prototype)) {
    throw refusal(
      'they must be the path of a folder or file, or an object such as { "model.json": text }',
    );
  }
  return Object.entries(files as Readonly<Record<string, ArtifactContent>>).map(
    ([path, content]) => ({ path, content: () => content }),
  );
}

async function onDisk(place: string | URL): Promise<readonly ModelFile[]> {
  try {
    const path =
      typeof place === "string" ? place : (await import("node:url")).fileURLToPath(place);
    if (!(await stat(path)).isDirectory()) return [fileAt(path, basename(path))];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files
      .map((entry) => {
        const whole = join(entry.parentPath, entry.name);
        const label = whole.slice(join(path, "/").length).replaceAll("\\", "/");
        return fileAt(whole, label);
      })
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (cause) {
    throw refusal(`they cannot be read: ${messageOf(cause)}`, cause);
  }
}

function fileAt(path: string, label: string): ModelFile {
  return { path: label, content: () => createReadStream(path) };
}

function refusal(problem: string, cause?: unknown): RivuletError {
  return new RivuletError("invalid_argument", `The files of the model: ${problem}.`, {
    cause,
    details: { field: "files" },
  });
}
