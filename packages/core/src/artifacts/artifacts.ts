import type { JsonValue } from "../domain/json.ts";
import type { Artifact } from "../domain/run.ts";

/** Files kept with runs. */
export interface Artifacts {
  /** Writes all of it or nothing; a file of the same path is replaced. @throws `not_found`, `invalid_argument`, `limit_exceeded` */
  put(artifact: ArtifactInput): Promise<Artifact>;
  /** @throws `not_found` */
  get(key: {
    readonly runId: string;
    readonly path: string;
  }): Promise<Artifact & { readonly content: Uint8Array }>;
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
