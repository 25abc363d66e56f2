import { hash } from "node:crypto";
import { join } from "node:path";
import type { Artifact } from "@rivulet/domain";
import { type JsonValue, jsonValueSchema, LIMITS, RivuletError } from "@rivulet/domain";
import type { ArtifactKey, Store } from "@rivulet/store";
import * as z from "zod";
import type { Context } from "../context.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput, textSchema } from "../validation.ts";
import { checkArtifactPath } from "./artifact-path.ts";
import { contentTypeOf } from "./content-type.ts";
import { createFileStorage } from "./file-storage.ts";
import { createMemoryStorage } from "./memory-storage.ts";

/** Files kept with runs. */
export interface Artifacts {
  /** Writes all of it or nothing; a file of the same path is replaced. @throws `not_found`, `invalid_argument`, `limit_exceeded` */
  put(artifact: ArtifactInput): Promise<Artifact>;
  /** @throws `not_found` */
  get(key: ArtifactKey): Promise<Artifact & { readonly content: Uint8Array }>;
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
}

export interface ArtifactInput {
  readonly runId: string;
  /** A label such as `model/weights.json`. */
  readonly path: string;
  readonly content: Uint8Array | string | JsonValue;
  /** @default from the path's ending */
  readonly contentType?: string;
}

/** Where artifact bytes live. File ids are made by Rivulet; no path ever comes from a client. */
export interface ArtifactStorage {
  write(fileId: string, content: Uint8Array): Promise<void>;
  read(fileId: string): Promise<Uint8Array>;
  delete(fileId: string): Promise<void>;
}

const contentTypeSchema: z.ZodType<string> = z
  .string()
  .max(100)
  .regex(/^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/, "must be a MIME type such as 'text/plain'");

/** Artifacts on the context's store: rows in the store, bytes beside it. */
export function createArtifacts(context: Context): Artifacts {
  const { now, ids } = context;
  let storage: ArtifactStorage | undefined;

  const open = async (): Promise<{ store: Store; storage: ArtifactStorage }> => {
    const store = await context.store();
    storage ??= createStorage(store);
    return { store, storage };
  };

  const put = async (artifact: ArtifactInput): Promise<Artifact> => {
    const key = checkKey(artifact);
    const { content, contentType } = encode(artifact);
    const { store, storage } = await open();
    if ((await store.runs.get(key.runId)) === undefined) throw notFound("run", key.runId);
    const before = await store.artifacts.get(key);
    const fileId = ids.entity();
    const sha256 = hash("sha256", content);
    const record: Artifact = {
      ...key,
      size: content.byteLength,
      sha256,
      contentType,
      createdAt: now(),
    };
    await storage.write(fileId, content);
    try {
      await store.artifacts.put({ ...record, fileId });
    } catch (error) {
      await storage.delete(fileId).catch(context.reportError);
      throw error;
    }
    if (before !== undefined) await storage.delete(before.fileId).catch(context.reportError);
    return record;
  };

  const read = async (key: ArtifactKey): Promise<Artifact & { readonly content: Uint8Array }> => {
    const { store, storage } = await open();
    const found = await store.artifacts.get(key);
    if (found === undefined) throw notFound("artifact", `${key.path} of run ${key.runId}`);
    const { fileId, ...artifact } = found;
    return { ...artifact, content: await storage.read(fileId) };
  };

  return Object.freeze<Artifacts>({
    put,
    get: async (input) => {
      const key = checkKey(input);
      // A file that was replaced between the look-up and the read is found the second time.
      return read(key).catch(() => read(key));
    },
    list: async ({ runId, prefix }) => {
      const key = { runId: parseInput(idSchema, runId, "runId") };
      const text = parseInput(textSchema(LIMITS.artifactPath), prefix ?? "", "prefix");
      const { store } = await open();
      return store.artifacts.list(text === "" ? key : { ...key, prefix: text });
    },
  });
}

function createStorage({ info }: Store): ArtifactStorage {
  return info.folder === undefined
    ? createMemoryStorage()
    : createFileStorage(join(info.folder, "artifacts"));
}

function checkKey({ runId, path }: ArtifactKey): ArtifactKey {
  return { runId: parseInput(idSchema, runId, "runId"), path: checkArtifactPath(path) };
}

function encode(artifact: ArtifactInput): {
  readonly content: Uint8Array;
  readonly contentType: string;
} {
  const { content, path } = artifact;
  const given = artifact.contentType ?? contentTypeOf(path);
  const [bytes, fallback] = toBytes(content);
  if (bytes.byteLength > LIMITS.artifactBytes) {
    throw new RivuletError(
      "limit_exceeded",
      `The artifact "${path}" has ${bytes.byteLength} bytes; ${LIMITS.artifactBytes} is the most.`,
      { details: { limit: LIMITS.artifactBytes } },
    );
  }
  return {
    content: bytes,
    contentType: parseInput(contentTypeSchema, given ?? fallback, "contentType"),
  };
}

function toBytes(content: ArtifactInput["content"]): readonly [Uint8Array, string] {
  if (content instanceof Uint8Array) return [content, "application/octet-stream"];
  if (typeof content === "string") return [Buffer.from(content), "text/plain"];
  const json = JSON.stringify(parseInput(jsonValueSchema, content, "content"), null, 2);
  return [Buffer.from(json), "application/json"];
}
