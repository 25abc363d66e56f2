import { type Artifact, RivuletError, toRivuletError } from "@rivulet/domain";
import type { ArtifactToPut, Store } from "@rivulet/store";
import type { Context } from "../context.ts";
import { notFound } from "../reference.ts";
import { type ContentSource, readContent } from "./artifact-content.ts";
import { checkContentType, readInputKey } from "./artifact-input.ts";
import type { ArtifactInput } from "./artifacts.ts";
import { contentTypeOf } from "./content-type.ts";
import { type StoredContent, storeContent } from "./store-content.ts";

/** What must be there for an artifact to be stored. */
export interface PutGuard {
  /** The SHA-256 of what it replaces; `null` when there must be nothing. @default anything */
  readonly replaces?: string | null;
}

/** Attempts before it is an error that a file keeps disappearing before its record is written. */
const MOST_TRIES = 3;

/** Stores an artifact: its file, then the record that refers to it. See `Artifacts.put`. */
export async function putArtifact(
  context: Context,
  artifact: ArtifactInput,
  { replaces }: PutGuard = {},
): Promise<Artifact> {
  const key = readInputKey(artifact);
  const { content, contentType } = encode(artifact, key.path);
  const store = await context.store();
  await requireActiveRun(store, key.runId);
  const rules = { path: key.path, limit: context.artifactBytes };
  const stored = await storeContent(store.files, content, rules);
  const { sha256, size } = stored;
  const record: Artifact = { ...key, size, sha256, contentType, createdAt: context.now() };
  const guarded = replaces === undefined ? {} : { replaces };
  const replaced = await keep(context, stored, { ...record, ...guarded, fileId: sha256 });
  if (replaced !== undefined) await deleteUnnamed(context, [replaced]);
  return record;
}

/** Removes files that no record refers to. If this fails, they are cleared away later, like those of killed uploads. */
export async function deleteUnnamed(context: Context, fileIds: readonly string[]): Promise<void> {
  const store = await context.store();
  await store.files.delete(fileIds).catch(context.reportError);
}

function encode(artifact: ArtifactInput, path: string): ContentSource {
  const given = artifact.contentType ?? contentTypeOf(path);
  const type = given === undefined ? undefined : checkContentType(given);
  const { content, contentType } = readContent(artifact.content, path);
  return { content, contentType: type ?? checkContentType(contentType) };
}

/** Asked before a large file is taken in; the store asks again when its record is written. */
async function requireActiveRun(store: Store, runId: string): Promise<void> {
  const run = await store.runs.get(runId);
  if (run === undefined) throw notFound("run", runId);
  if (run.lifecycleStage !== "deleted") return;
  throw new RivuletError(
    "conflict",
    `Run "${runId}" is deleted. Restore it before writing to it.`,
    { details: { id: runId } },
  );
}

/** Writes the record. Returns the file that the record referred to before. */
async function keep(
  context: Context,
  { again }: StoredContent,
  record: ArtifactToPut,
): Promise<string | undefined> {
  const store = await context.store();
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.artifacts.put(record);
    } catch (error) {
      const { code, details } = toRivuletError(error);
      const isFileGone = code === "conflict" && details["fileId"] === record.fileId;
      if (!isFileGone || again === undefined || tries === MOST_TRIES) {
        await deleteUnnamed(context, [record.fileId]);
        throw error;
      }
      // The process was suspended so long that the file, still without a record, was cleared away.
      await again();
    }
  }
}
