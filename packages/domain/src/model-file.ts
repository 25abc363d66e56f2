import * as z from "zod";
import type { ColumnsOf, StoredTable } from "./entity.ts";
import { objectSchema } from "./object-schema.ts";

/** A file of a model version, as it was when the version was registered. */
export interface ModelFile {
  /** Name of the registered model. */
  readonly name: string;
  /** Number of the version. */
  readonly version: number;
  /** Path below the model's root; a model that is a single file has its name. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /** Digest of the content, in hex. */
  readonly sha256: string;
  /** MIME type. */
  readonly contentType: string;
}

/** Schema of {@link ModelFile}. */
export const modelFileSchema: z.ZodType<ModelFile> = objectSchema(() => ({
  name: z.string(),
  version: z.number().int(),
  path: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  contentType: z.string(),
}));

const columns: ColumnsOf<ModelFile> = {
  name: "text",
  version: "integer",
  path: "text",
  size: "integer",
  sha256: "text",
  contentType: "text",
};

/** How the files of model versions are stored. */
export const modelFileTable: StoredTable<"model"> = {
  event: "model",
  table: "model_version_files",
  columns,
  extra: { fileId: "text" },
  key: ["name", "version", "path"],
  indexes: [{ name: "model_version_files_file", on: ["fileId"] }],
  since: 4,
};
