import { basename } from "node:path/posix";
import { addressOf } from "@rivulet/client/addresses";
import { type ArtifactKey, type ArtifactSelection, artifactSchema } from "@rivulet/core";
import * as z from "zod";
import { streamBytes } from "../http/read-body.ts";
import type { Call } from "../router.ts";
import type { Api } from "./api.ts";
import { sendFile, sendZip } from "./artifact-response.ts";
import { decodeTexts } from "./decode-input.ts";
import type { Endpoint } from "./endpoint.ts";
import { fieldsOf } from "./json-schema.ts";
import { answer } from "./operation-endpoints.ts";

const putSchema = z.object({
  runId: z.string().describe("Id of the run"),
  path: z.string().describe("Path of the file within the run, such as model/weights.bin"),
});
const getSchema = z.object({
  ...putSchema.shape,
  download: z.boolean().describe("To be saved instead of shown; default false").exactOptional(),
});
const zipSchema = z.object({
  runId: putSchema.shape.runId,
  path: z
    .string()
    .describe("Path of the folder, such as model; default everything of the run")
    .exactOptional(),
});

// What HTTP clients send when no content type was set.
const SAYS_NOTHING = "application/x-www-form-urlencoded";

/** Reads and writes the bytes of artifacts unchanged. */
export const artifactEndpoints: readonly Endpoint[] = [
  {
    id: "artifacts.get",
    ...placeOf("artifacts.get"),
    access: "read",
    summary: "The bytes of one file; pictures and text can be shown in place, in a sandbox.",
    input: getSchema,
    body: "none",
    output: "bytes",
    run: async ({ rivulet }, call) => {
      const { download = false, ...given } = readTexts(call, getSchema);
      const key = given as unknown as ArtifactKey;
      return sendFile((options) => rivulet.artifacts.stream(key, options), {
        request: call.request,
        isDownload: download === true,
      });
    },
  },
  {
    id: "artifacts.zip",
    ...placeOf("artifacts.zip"),
    access: "read",
    summary: "All files of a folder as a ZIP archive.",
    input: zipSchema,
    body: "none",
    output: "bytes",
    run: async ({ rivulet }, call) => {
      const selection = readTexts(call, zipSchema) as unknown as ArtifactSelection;
      const { runId, path = "" } = selection;
      return sendZip(await rivulet.artifacts.zip(selection), path === "" ? runId : basename(path));
    },
  },
  {
    id: "artifacts.put",
    ...placeOf("artifacts.put"),
    access: "write",
    summary: "Keeps the body as a file of the run; a file of the same path is replaced.",
    input: putSchema,
    body: "bytes",
    output: artifactSchema,
    run: async (api, call) => {
      const key = readTexts(call, putSchema);
      const content = readContent(api, call);
      const type = call.request.headers.get("content-type");
      const known = type === null || type.startsWith(SAYS_NOTHING) ? {} : { contentType: type };
      const result = await api.rivulet.artifacts.put({ ...key, content, ...known } as never);
      return answer(api, { id: "artifacts.put", output: artifactSchema, result });
    },
  },
];

type FileId = "artifacts.get" | "artifacts.put" | "artifacts.zip";

function placeOf(id: FileId): Pick<Endpoint, "method" | "path"> {
  const { method, path } = addressOf(id);
  return { method, path };
}

function readTexts({ params, query }: Call, schema: z.ZodType): Record<string, unknown> {
  const fields = fieldsOf(schema);
  return { ...decodeTexts(query, fields, "query"), ...decodeTexts(params, fields, "path") };
}

function readContent(
  { maxArtifactBytes: limit }: Api,
  { request, context }: Call,
): AsyncIterable<Uint8Array> {
  return streamBytes(request, { limit, context, exact: true });
}
