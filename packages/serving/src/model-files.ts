import { type ModelVersion, type Rivulet, RivuletError } from "@rivulet/core";
import type { ModelFiles } from "./model.ts";

/**
 * The files of a version: those below the folder that it names. When it names a file, those beside that file, because
 * weights are often kept beside the model.
 */
export async function filesOf(rivulet: Rivulet, version: ModelVersion): Promise<ModelFiles> {
  const { runId, artifactPath: named } = version;
  const what = `${version.name}@${version.version}`;
  if (runId === undefined || named === undefined) {
    throw new RivuletError(
      "not_found",
      `Model version ${what} has no files: it was registered without runId and artifactPath.`,
    );
  }
  const isFile = (await rivulet.artifacts.list({ runId, prefix: named })).some(
    ({ path }) => path === named,
  );
  const folder = isFile ? named.slice(0, Math.max(named.lastIndexOf("/"), 0)) : named;
  const below = folder === "" ? "" : `${folder}/`;
  const all = await rivulet.artifacts.list({ runId, ...(folder === "" ? {} : { prefix: folder }) });
  const places = new Map(
    all.flatMap(({ path }) =>
      path.startsWith(below) ? [[path.slice(below.length), path] as const] : [],
    ),
  );
  if (places.size === 0) {
    throw new RivuletError("not_found", `Model version ${what} has no files at ${named}.`);
  }
  return {
    paths: [...places.keys()].sort(),
    ...(isFile ? { main: named.slice(below.length) } : {}),
    async read(path) {
      const place = places.get(path);
      if (place === undefined) {
        throw new RivuletError("not_found", `Model version ${what} has no file ${path}.`);
      }
      return (await rivulet.artifacts.get({ runId, path: place })).content;
    },
  };
}
