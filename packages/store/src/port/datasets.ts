import type { Dataset, DatasetRecord, Page } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { NamedPatch, StoreQuery } from "./query.ts";

/** Datasets and their records, in versions. */
export interface DatasetStore {
  create(dataset: Dataset): Promise<void>;
  get(name: string): Promise<Dataset | undefined>;
  update(patch: NamedPatch): Promise<Dataset>;
  delete(name: string): Promise<void>;
  search(query: StoreQuery): Promise<Page<Dataset>>;
  /**
   * Makes the next version, or leaves the dataset as it is when nothing changes. A record whose id is
   * there keeps its `createdAt`; its expectations and metadata are merged key by key, the new ones win.
   */
  changeRecords(change: DatasetChange): Promise<Dataset>;
  /** The records of one version (default: the newest), oldest first. */
  listRecords(query: DatasetRecordQuery): Promise<Page<DatasetRecord>>;
}

/** Records to add, replace and remove, as one version. */
export interface DatasetChange {
  readonly name: string;
  readonly upsert?: readonly DatasetRecord[];
  readonly remove?: readonly string[];
  readonly updatedAt: number;
}

/** A page of the records of a version. */
export interface DatasetRecordQuery {
  readonly name: string;
  readonly version?: number;
  readonly limit: number;
  readonly pageToken?: string;
}

/** What each of them does, as facts. */
export const datasetOperations: Operations<DatasetStore> = {
  create: write(ENTITIES.dataset),
  get: read,
  update: write(ENTITIES.dataset),
  delete: write(ENTITIES.dataset),
  search: search,
  changeRecords: write(ENTITIES.dataset),
  listRecords: read,
};
