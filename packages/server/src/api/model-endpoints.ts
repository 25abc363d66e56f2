import { addressOf } from "@rivulet/client/addresses";
import * as z from "zod";
import { sendContent } from "./artifact-response.ts";
import { decodeTexts } from "./decode-input.ts";
import type { Endpoint } from "./endpoint.ts";
import { fieldsOf } from "./json-schema.ts";

const inputSchema = z.object({
  reference: z.string().describe("name, name@version, name@alias, or models:/name/3 and its like"),
  path: z.string().describe("Path below the model's root; default the only file").exactOptional(),
  download: z.boolean().describe("To be saved instead of shown; default false").exactOptional(),
});
const { method, path } = addressOf("models.load");

/** The bytes of the files of model versions. */
export const modelEndpoints: readonly Endpoint[] = [
  {
    id: "models.load",
    method,
    path,
    access: "read",
    summary: "The bytes of one file of a model version.",
    input: inputSchema,
    body: "none",
    output: "bytes",
    run: async ({ rivulet }, { params, query }) => {
      const fields = fieldsOf(inputSchema);
      const { download = false, ...options } = decodeTexts(query, fields, "query");
      const { reference } = decodeTexts(params, fields, "path");
      const content = await rivulet.models.load(String(reference), options as never);
      const files = await rivulet.models.files(String(reference));
      const file = files.find((one) => one.path === options["path"]) ?? files[0];
      const {
        contentType = "application/octet-stream",
        path: name = "model",
        sha256 = "",
      } = file ?? {};
      return sendContent({ path: name, contentType, sha256, content }, download === true);
    },
  },
];
