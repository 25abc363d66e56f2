import { hash } from "node:crypto";
import type { Artifact } from "@rivulet/domain";
import { LIMITS, RivuletError, toRivuletError } from "@rivulet/domain";
import type { ArtifactKey, Store } from "@rivulet/store";
import * as z from "zod";
import type { Context } from "../context.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput, textSchema } from "../validation.ts";
import {
  type ArtifactContent,
  type ContentBytes,
  refuseOver,
  toBytes,
} from "./artifact-content.ts";
import { checkArtifactPath } from "./artifact-path.ts";
import { contentTypeOf } from "./content-type.ts";

/** Files kept with runs. */
export interface Artifacts {
  /** Writes all of it or nothing; a file of the same path is replaced. @throws `not_found`, `invalid_argument`, `limit_exceeded` */
  put(artifact: ArtifactInput): Promise<Artifact>;
  /** @throws `not_found` */
  get(key: ArtifactKey): Promise<Artifact & { readonly content: Uint8Array }>;
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
}

/** A file to keep. */
export interface ArtifactInput {
  readonly runId: string;
  /** A label such as `model/weights.json`. */
  readonly path: string;
  readonly content: ArtifactContent;
  /** @default from the path's ending */
  readonly contentType?: string;
}

/** Tries before an artifact that others keep replacing, or whose file keeps disappearing, is an error. */
const MOST_TRIES = 3;

const contentTypeSchema: z.ZodType<string> = z
  .string()
  .max(100)
  .regex(/^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/, "must be a MIME type such as 'text/plain'");

/** Artifacts on the context's store: a record for each, and a file that the content's digest names. */
export function createArtifacts(context: Context): Artifacts {
  const { now } = context;

  return Object.freeze<Artifacts>({
    async put(artifact) {
      const key = checkKey(artifact);
      const { bytes: content, contentType } = await encode(artifact);
      const store = await context.store();
      if ((await store.runs.get(key.runId)) === undefined) throw notFound("run", key.runId);
      const sha256 = hash("sha256", content);
      const size = content.byteLength;
      const record: Artifact = { ...key, size, sha256, contentType, createdAt: now() };
      const replaced = await keep(store, { ...record, fileId: sha256 }, content);
      if (replaced !== undefined) await deleteUnnamed(store, replaced);
      return record;
    },
    async get(input) {
      const key = checkKey(input);
      return read(await context.store(), key);
    },
    async list({ runId, prefix }) {
      const key = { runId: parseInput(idSchema, runId, "runId") };
      const text = parseInput(textSchema(LIMITS.artifactPath), prefix ?? "", "prefix");
      const store = await context.store();
      return store.artifacts.list(text === "" ? key : { ...key, prefix: text });
    },
  });

  /** The file first, then the record that names it. Returns the file that the record named before. */
  async function keep(
    store: Store,
    record: Artifact & { readonly fileId: string },
    content: Uint8Array,
  ): Promise<string | undefined> {
    for (let tries = 1; ; tries += 1) {
      await store.files.write({ id: record.fileId, content });
      try {
        return await store.artifacts.put(record);
      } catch (error) {
        // A file that no record named for an hour, because this process stood still, was cleared away.
        if (toRivuletError(error).code === "conflict" && tries < MOST_TRIES) continue;
        await deleteUnnamed(store, record.fileId);
        throw error;
      }
    }
  }

  /** A file that stays for now is deleted with those of killed uploads. */
  async function deleteUnnamed(store: Store, fileId: string): Promise<void> {
    await store.files.delete([fileId]).catch(context.reportError);
  }
}

/** A file that was replaced between the look-up and the read is found the next time. */
async function read(
  store: Store,
  key: ArtifactKey,
): Promise<Artifact & { readonly content: Uint8Array }> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const found = await store.artifacts.get(key);
    if (found === undefined) throw notFound("artifact", `${key.path} of run ${key.runId}`);
    const { fileId, ...artifact } = found;
    const content = await store.files.read(fileId);
    if (content !== undefined) return { ...artifact, content };
  }
  throw new RivuletError(
    "store_corrupt",
    `The bytes of the artifact ${key.path} of run ${key.runId} are not in the store. Restore a backup, or log the artifact again.`,
    { details: { runId: key.runId, path: key.path } },
  );
}

function checkKey({ runId, path }: ArtifactKey): ArtifactKey {
  return { runId: parseInput(idSchema, runId, "runId"), path: checkArtifactPath(path) };
}

async function encode(artifact: ArtifactInput): Promise<ContentBytes> {
  const { content, path } = artifact;
  const given = artifact.contentType ?? contentTypeOf(path);
  const { bytes, contentType } = await toBytes(content, path);
  refuseOver(bytes.byteLength, path);
  return { bytes, contentType: parseInput(contentTypeSchema, given ?? contentType, "contentType") };
}
