import { type Operations, search } from "./operation.ts";

/** What a store is like as a whole. Cheap to ask: nothing in it grows with the history. */
export interface FactStore {
  /** Schema, size and about how many rows. */
  read(): Promise<StoreFacts>;
}

/** Facts of a store. */
export interface StoreFacts {
  /** Version of its schema. */
  readonly schema: number;
  /** Bytes that its tables use, without deleted rows. */
  readonly usedBytes: number;
  /** Bytes of artifacts, of the first 100,000 of them. */
  readonly artifactBytes: number;
  /** Bytes of files that spans refer to, of the first 100,000 of them. */
  readonly attachmentBytes: number;
  /** Entity → about how many there are. Of traces, all; of the others, at most 10,000, which stands for more as well. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Access of each operation. */
export const factOperations: Operations<FactStore> = { read: search };
