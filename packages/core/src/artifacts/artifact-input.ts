import { LIMITS } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { ArtifactKey } from "@rivulet/store";
import { listSchema } from "../query.ts";
import { idSchema, nameSchema, optionsSchema, parseInput, textSchema } from "../validation.ts";
import { checkArtifactPath } from "./artifact-path.ts";
import type {
  ArtifactDownload,
  ArtifactFile,
  ArtifactFolder,
  ArtifactFolderQuery,
  ArtifactSelection,
  ByteRange,
} from "./artifacts.ts";

const runIdField = idSchema.describe("Id of the run");
const folderField = z
  .string()
  .describe("Path of the file or folder, such as model; default everything of the run")
  .exactOptional();
/** Longer than the paths of any file system. */
const placeSchema = nameSchema(32_767);

/** Schema of what `list` takes. */
export const listArtifactsSchema: z.ZodType<{ readonly runId: string; readonly prefix?: string }> =
  optionsSchema(() => ({
    runId: runIdField,
    prefix: textSchema(LIMITS.artifactPath)
      .describe("Only paths that start with it, such as model/; default all")
      .exactOptional(),
  }));

/** Schema of what `listFolder` takes. */
export const listArtifactFolderSchema: z.ZodType<ArtifactFolderQuery> = listSchema(() => ({
  runId: runIdField,
  path: z
    .string()
    .describe("Path of the folder, such as model; default the run's top")
    .exactOptional(),
}));

/** Schema of what `delete` takes. */
export const deleteArtifactSchema: z.ZodType<ArtifactKey> = optionsSchema(() => ({
  runId: runIdField,
  path: z.string().describe("Path of the file, or of the folder with all that is in it"),
}));

/** Schema of what `zip` takes. */
export const artifactSelectionSchema: z.ZodType<ArtifactSelection> = optionsSchema(() => ({
  runId: runIdField,
  path: folderField,
}));

/** Schema of what `download` takes. */
export const downloadSchema: z.ZodType<ArtifactDownload> = optionsSchema(() => ({
  runId: runIdField,
  path: folderField,
  to: placeSchema,
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

/** Schema of what `putFile` takes. */
export const artifactFileSchema: z.ZodType<ArtifactFile> = optionsSchema(() => ({
  runId: idSchema,
  path: z.string().exactOptional(),
  file: placeSchema,
  contentType: contentTypeSchema.exactOptional(),
}));

/** Schema of what `putFolder` takes. */
export const artifactFolderSchema: z.ZodType<ArtifactFolder> = optionsSchema(() => ({
  runId: idSchema,
  path: z.string().exactOptional(),
  folder: placeSchema,
}));

const offsetSchema = z.int("must be a whole number").nonnegative("must be 0 or more");
/** Schema of {@link ByteRange}. */
export const rangeSchema: z.ZodType<ByteRange> = optionsSchema(() => ({
  start: offsetSchema,
  end: offsetSchema.exactOptional(),
})).refine(({ start, end = start }) => end >= start, "must not end before it starts");
const streamSchema: z.ZodType<{ readonly range?: ByteRange }> = optionsSchema(() => ({
  range: rangeSchema.exactOptional(),
}));

/** What names an artifact. @throws RivuletError `invalid_argument` */
export function readKey(input: unknown): ArtifactKey {
  return checkKey(parseInput(artifactKeySchema, input, "key"));
}

/** The key of a file to store. @throws RivuletError `invalid_argument` for it, or for what else is given */
export function readInputKey(input: unknown): ArtifactKey {
  return checkKey(parseInput(artifactInputSchema, input, "artifact"));
}

/** A MIME type. @throws RivuletError `invalid_argument` */
export function checkContentType(contentType: string): string {
  return parseInput(contentTypeSchema, contentType, "contentType");
}

/** Options of `stream`. @throws RivuletError `invalid_argument` */
export function readRange(options: unknown): ByteRange | undefined {
  return parseInput(streamSchema, options, "options").range;
}

/** A file or folder, whose path is empty for all of a run. @throws RivuletError `invalid_argument` */
export function checkSelection({ runId, path = "" }: ArtifactSelection): ArtifactKey {
  return { runId, path: path === "" ? "" : checkArtifactPath(path) };
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
