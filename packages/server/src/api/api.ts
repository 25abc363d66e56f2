import type { Rivulet } from "@rivulet/core";

/** What operations work with. */
export interface Api {
  readonly rivulet: Rivulet;
  /** Most bytes of a JSON body. */
  readonly maxBodyBytes: number;
  /** Most bytes of an uploaded artifact. */
  readonly maxArtifactBytes: number;
  readonly checkOutput: boolean;
  /** The OpenAPI document of all operations. */
  readonly describe: () => OpenApiDocument;
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly [part: string]: unknown;
}
