import { hash } from "node:crypto";
import type { Artifact } from "@rivulet/domain";
import { LIMITS, RivuletError, toRivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { ArtifactKey, Store } from "@rivulet/store";
import type { Context } from "../context.ts";
import { noArtifact, notFound } from "../reference.ts";
import { idSchema, optionsSchema, parseInput, textSchema } from "../validation.ts";
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
  /**
   * Stores a file atomically; one with the same path is replaced.
   *
   * @throws RivuletError `not_found` for the run; `invalid_argument` for path, content or type; `limit_exceeded` over 1 GiB
   */
  put(artifact: ArtifactInput): Promise<Artifact>;
  /** The artifact with its bytes. @throws RivuletError `not_found`; `store_corrupt` when its bytes are missing */
  get(key: ArtifactKey): Promise<Artifact & { readonly content: Uint8Array }>;
  /** The run's artifacts whose path starts with `prefix` (default: all), sorted by path. @throws RivuletError `not_found` for the run */
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
}

/** A file to keep. */
export interface ArtifactInput {
  /** The run to keep it with. */
  readonly runId: string;
  /** A label such as `model/weights.json`. */
  readonly path: string;
  /** Bytes, text or a JSON value; anything that would be changed by storing it is refused. */
  readonly content: ArtifactContent;
  /** MIME type, up to 100 characters. @default derived from the path's extension, else from the content */
  readonly contentType?: string;
}

/** Attempts before it is an error that others keep replacing an artifact, or that its file keeps disappearing. */
const MOST_TRIES = 3;

/** Schema of what `list` takes. */
export const listArtifactsSchema: z.ZodType<{ readonly runId: string; readonly prefix?: string }> =
  optionsSchema(() => ({
    runId: idSchema.describe("Id of the run"),
    prefix: textSchema(LIMITS.artifactPath)
      .describe("Only paths that start with it, such as model/; default all")
      .exactOptional(),
  }));

const contentTypeSchema: z.ZodType<string> = z
  .string()
  .max(100)
  .regex(/^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/, "must be a MIME type such as 'text/plain'");

const keyFields = { runId: idSchema, path: z.unknown().optional() };
/** Only the names of the fields, where the value has checks of its own. */
const artifactKeySchema = optionsSchema(keyFields);
const artifactInputSchema = optionsSchema(() => ({
  ...keyFields,
  content: z.unknown().optional(),
  contentType: contentTypeSchema.exactOptional(),
}));

/** Artifacts in the context's store: a record for each, and a file named by the digest of its content. */
export function createArtifacts(context: Context): Artifacts {
  const { now } = context;

  return Object.freeze<Artifacts>({
    async put(artifact) {
      const key = checkKey(parseInput(artifactInputSchema, artifact, "artifact"));
      const { bytes: content, contentType } = await encode({ ...artifact, ...key });
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
      const key = checkKey(parseInput(artifactKeySchema, input, "key"));
      return read(await context.store(), key);
    },
    async list(query) {
      const { runId, prefix = "" } = parseInput(listArtifactsSchema, query, "query");
      const store = await context.store();
      const found = await store.artifacts.list(prefix === "" ? { runId } : { runId, prefix });
      if (found.length === 0 && (await store.runs.get(runId)) === undefined)
        throw notFound("run", runId);
      return found;
    },
  });

  /** Writes the file, then the record that refers to it. Returns the file that the record referred to before. */
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
        // The process was suspended so long that the file, still without a record, was cleared away.
        if (toRivuletError(error).code === "conflict" && tries < MOST_TRIES) continue;
        await deleteUnnamed(store, record.fileId);
        throw error;
      }
    }
  }

  /** If this fails, the file is cleared away later, like those of killed uploads. */
  async function deleteUnnamed(store: Store, fileId: string): Promise<void> {
    await store.files.delete([fileId]).catch(context.reportError);
  }
}

/** Tries again when the artifact is replaced between looking up its record and reading its file. */
async function read(
  store: Store,
  key: ArtifactKey,
): Promise<Artifact & { readonly content: Uint8Array }> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const found = await store.artifacts.get(key);
    if (found === undefined) throw noArtifact(key);
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

function checkKey({
  runId,
  path,
}: {
  readonly runId: string;
  readonly path?: unknown;
}): ArtifactKey {
  return { runId, path: checkArtifactPath(path) };
}

async function encode(artifact: ArtifactInput): Promise<ContentBytes> {
  const { content, path } = artifact;
  const given = artifact.contentType ?? contentTypeOf(path);
  const { bytes, contentType } = await toBytes(content, path);
  refuseOver(bytes.byteLength, path);
  return { bytes, contentType: parseInput(contentTypeSchema, given ?? contentType, "contentType") };
}
