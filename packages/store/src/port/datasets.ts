import type { Dataset, DatasetRecord, Page } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { NamedPatch, StoreQuery } from "./query.ts";

/** Datasets and their versioned records. */
export interface DatasetStore {
  /** Adds an empty dataset. @throws RivuletError `already_exists` */
  create(dataset: Dataset): Promise<void>;
  /** One dataset; `undefined` when there is none of this name. */
  get(name: string): Promise<Dataset | undefined>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(patch: NamedPatch): Promise<Dataset>;
  /** Deletes it with all versions and records. @throws RivuletError `not_found` */
  delete(name: string): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<Dataset>>;
  /**
   * Creates the next version; without any change the dataset stays as it is. An existing record keeps its `createdAt`;
   * its expectations and metadata are merged key by key, and the new values win.
   *
   * @throws RivuletError `not_found`
   */
  changeRecords(change: DatasetChange): Promise<Dataset>;
  /** The records of one version, oldest first. @throws RivuletError `not_found` */
  listRecords(query: DatasetRecordQuery): Promise<Page<DatasetRecord>>;
}

/** Changes that make up one new version of a dataset. */
export interface DatasetChange {
  /** Name of the dataset. */
  readonly name: string;
  /** Records to add, or to merge into those with the same id. */
  readonly upsert?: readonly DatasetRecord[];
  /** Ids of records to remove. */
  readonly remove?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Selects a page of a version's records. */
export interface DatasetRecordQuery {
  /** Name of the dataset. */
  readonly name: string;
  /** Version to read. @default the newest */
  readonly version?: number;
  /** Records per page. */
  readonly limit: number;
  /** `nextPageToken` of the previous page. @default the first page */
  readonly pageToken?: string;
}

/** Access and change events of each operation. */
export const datasetOperations: Operations<DatasetStore> = {
  create: write(ENTITIES.dataset),
  get: read,
  update: write(ENTITIES.dataset),
  delete: write(ENTITIES.dataset),
  search: search,
  changeRecords: write(ENTITIES.dataset),
  listRecords: read,
};
