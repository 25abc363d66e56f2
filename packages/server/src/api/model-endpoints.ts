import { addressOf } from "@rivulet/client/addresses";
import * as z from "zod";
import type { Call } from "../router.ts";
import { sendFile, sendZip } from "./artifact-response.ts";
import { decodeTexts, refuseQuery } from "./decode-input.ts";
import type { Endpoint } from "./endpoint.ts";
import { fieldsOf } from "./json-schema.ts";

const zipSchema = z.object({
  reference: z.string().describe("name, name@version, name@alias, or models:/name/3 and its like"),
});
const loadSchema = z.object({
  ...zipSchema.shape,
  path: z.string().describe("Path below the model's root; default the only file").exactOptional(),
  download: z.boolean().describe("To be saved instead of shown; default false").exactOptional(),
});

/** The bytes of the files of model versions. */
export const modelEndpoints: readonly Endpoint[] = [
  {
    id: "models.load",
    ...placeOf("models.load"),
    access: "read",
    summary: "The bytes of one file of a model version, or of a range of them.",
    input: loadSchema,
    body: "none",
    output: "bytes",
    run: async ({ rivulet }, call) => {
      const { reference, download = false, ...options } = readTexts(call, loadSchema);
      return sendFile(
        (range) => rivulet.models.stream(String(reference), { ...options, ...range }),
        { request: call.request, isDownload: download === true },
      );
    },
  },
  {
    id: "models.zip",
    ...placeOf("models.zip"),
    access: "read",
    summary: "All files of a model version as a ZIP archive.",
    input: zipSchema,
    body: "none",
    output: "bytes",
    run: async ({ rivulet }, call) => {
      refuseQuery(call.query);
      const reference = String(readTexts(call, zipSchema)["reference"]);
      const { name, version } = await rivulet.models.getVersion(reference);
      return sendZip(await rivulet.models.zip(`${name}@${version}`), `${name}-${version}`);
    },
  },
];

function placeOf(id: "models.load" | "models.zip"): Pick<Endpoint, "method" | "path"> {
  const { method, path } = addressOf(id);
  return { method, path };
}

function readTexts({ params, query }: Call, schema: z.ZodType): Record<string, unknown> {
  const fields = fieldsOf(schema);
  return { ...decodeTexts(query, fields, "query"), ...decodeTexts(params, fields, "path") };
}
