import { DEFAULT_PAGE_SIZE } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { noArtifact, notFound } from "../reference.ts";
import { parseInput } from "../validation.ts";
import {
  artifactFileSchema,
  artifactFolderSchema,
  artifactSelectionSchema,
  checkSelection,
  deleteArtifactSchema,
  downloadSchema,
  listArtifactFolderSchema,
  listArtifactsSchema,
  readKey,
  readRange,
} from "./artifact-input.ts";
import { checkArtifactPath } from "./artifact-path.ts";
import { selectArtifacts } from "./artifact-selection.ts";
import { zipArtifacts } from "./artifact-zip.ts";
import type { Artifacts } from "./artifacts.ts";
import { downloadArtifacts } from "./download.ts";
import { putLocalFile } from "./local-file.ts";
import { putLocalFolder } from "./local-folder.ts";
import { deleteUnnamed, putArtifact } from "./put-artifact.ts";
import { readArtifact, streamArtifact } from "./read-artifact.ts";

/** Artifacts in the context's store: a record for each, and a file named by the digest of its content. */
export function createArtifacts(context: Context): Artifacts {
  const put: Artifacts["put"] = (artifact) => putArtifact(context, artifact);
  const requireRun = async (runId: string): Promise<void> => {
    const store = await context.store();
    if ((await store.runs.get(runId)) === undefined) throw notFound("run", runId);
  };

  return Object.freeze<Artifacts>({
    put: async (artifact) => put(artifact),
    putFile: async (artifact) =>
      putLocalFile(put, parseInput(artifactFileSchema, artifact, "artifact")),
    putFolder: async (folder) => {
      const given = parseInput(artifactFolderSchema, folder, "folder");
      await requireRun(given.runId);
      return putLocalFolder(put, given);
    },
    async get(input) {
      const key = readKey(input);
      return readArtifact(await context.store(), key);
    },
    async stream(input, options = {}) {
      const [key, range] = [readKey(input), readRange(options)];
      return streamArtifact(await context.store(), key, range);
    },
    async list(query) {
      const { runId, prefix = "" } = parseInput(listArtifactsSchema, query, "query");
      const store = await context.store();
      const found = await store.artifacts.list(prefix === "" ? { runId } : { runId, prefix });
      if (found.length === 0) await requireRun(runId);
      return found;
    },
    async listFolder(query) {
      const given = parseInput(listArtifactFolderSchema, query, "query");
      const { path } = checkSelection(given);
      const store = await context.store();
      const page = await store.artifacts.listFolder({ limit: DEFAULT_PAGE_SIZE, ...given, path });
      if (page.items.length === 0) await requireRun(given.runId);
      return page;
    },
    async delete(input) {
      const { runId, path } = parseInput(deleteArtifactSchema, input, "key");
      const key = { runId, path: checkArtifactPath(path) };
      const store = await context.store();
      const { count, fileIds } = await store.artifacts.delete(key);
      if (count === 0) throw noArtifact(key);
      await deleteUnnamed(context, fileIds);
      return count;
    },
    async download(input) {
      const { to, ...selection } = parseInput(downloadSchema, input, "download");
      const store = await context.store();
      return downloadArtifacts(store, await selectArtifacts(store, checkSelection(selection)), to);
    },
    async zip(input) {
      const key = checkSelection(parseInput(artifactSelectionSchema, input, "query"));
      const store = await context.store();
      return zipArtifacts(store, await selectArtifacts(store, key));
    },
  });
}
