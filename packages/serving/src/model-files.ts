import { type ModelVersion, type Rivulet, RivuletError } from "@rivulet/core";
import type { ModelFiles } from "./model.ts";

/**
 * The files of a version as they were registered, whatever has become of its run since. When the version names a file,
 * those that are beside it in the run are there, too, because weights are often kept beside the model.
 */
export async function filesOf(rivulet: Rivulet, version: ModelVersion): Promise<ModelFiles> {
  const { name, version: number, runId, artifactPath: named } = version;
  const what = `${name}@${number}`;
  const own = (await rivulet.models.files(what)).map(({ path }) => path);
  if (own.length === 0) {
    throw new RivuletError(
      "not_found",
      runId === undefined || named === undefined
        ? `Model version ${what} has no files: it was registered without runId and artifactPath.`
        : `Model version ${what} has no files at ${named}.`,
    );
  }
  const [only = ""] = own;
  const isFile = own.length === 1 && (named === only || named?.endsWith(`/${only}`) === true);
  const beside = isFile ? await filesBeside(rivulet, version, only) : new Map<string, string>();
  const registered = new Set(own);
  return {
    paths: [...new Set([...own, ...beside.keys()])].sort(),
    ...(isFile ? { main: only } : {}),
    async read(path) {
      if (registered.has(path)) return rivulet.models.load(what, { path });
      const place = beside.get(path);
      if (place === undefined || runId === undefined) {
        throw new RivuletError("not_found", `Model version ${what} has no file ${path}.`);
      }
      return (await rivulet.artifacts.get({ runId, path: place })).content;
    },
  };
}

/** Files of the run in the folder of a file: path in that folder → path in the run. None when the run is gone. */
async function filesBeside(
  rivulet: Rivulet,
  { runId, artifactPath = "" }: ModelVersion,
  only: string,
): Promise<ReadonlyMap<string, string>> {
  const run = runId === undefined ? undefined : await rivulet.runs.find(runId);
  if (run === undefined) return new Map();
  const below = artifactPath.slice(0, artifactPath.length - only.length);
  const prefix = below === "" ? {} : { prefix: below.slice(0, -1) };
  const all = await rivulet.artifacts.list({ runId: run.id, ...prefix });
  return new Map(
    all.flatMap(({ path }) =>
      path.startsWith(below) ? [[path.slice(below.length), path] as const] : [],
    ),
  );
}
