import { addressOf } from "@rivulet/client/addresses";
import { artifactSchema } from "@rivulet/core";
import * as z from "zod";
import { readBytes } from "../http/read-body.ts";
import type { Call } from "../router.ts";
import type { Api } from "./api.ts";
import { sendArtifact } from "./artifact-response.ts";
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
      const { download = false, ...key } = readTexts(call, getSchema);
      return sendArtifact(await rivulet.artifacts.get(key as never), download === true);
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
      const content = await readContent(api, call);
      const type = call.request.headers.get("content-type");
      const known = type === null || type.startsWith(SAYS_NOTHING) ? {} : { contentType: type };
      const result = await api.rivulet.artifacts.put({ ...key, content, ...known } as never);
      return answer(api, { id: "artifacts.put", output: artifactSchema, result });
    },
  },
];

function placeOf(id: "artifacts.get" | "artifacts.put"): Pick<Endpoint, "method" | "path"> {
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
): Promise<Uint8Array> {
  return readBytes(request, { limit, context, exact: true });
}
