import type {
  Dataset,
  DatasetRecord,
  JsonObject,
  JsonValue,
  Page,
  PageQuery,
  SearchQuery,
  StringMap,
} from "@rivulet/domain";
import type { DescribedPatch } from "../validation.ts";

/** Datasets: examples in immutable versions. */
export interface Datasets {
  /** Creates a dataset. @throws RivuletError `already_exists`, `invalid_argument` */
  create(options: CreateDatasetOptions): Promise<Dataset>;
  /** The dataset. @throws RivuletError `not_found` */
  get(name: string): Promise<Dataset>;
  /** The dataset; `undefined` when there is none of this name. */
  find(name: string): Promise<Dataset | undefined>;
  /** Default order: by name. */
  search(query?: SearchQuery): Promise<Page<Dataset>>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(name: string, patch: DescribedPatch): Promise<Dataset>;
  /** Deletes the dataset with all versions and records. @throws RivuletError `not_found` */
  delete(name: string): Promise<void>;
  /**
   * Adds up to 10,000 examples, or merges them into records with the same inputs, which makes the next version.
   *
   * @throws RivuletError `not_found`, `invalid_argument`
   */
  addRecords(name: string, records: readonly DatasetRecordInput[]): Promise<Dataset>;
  /**
   * Adds the root inputs of traces as examples. Expectations logged on a trace become those of the record; without any,
   * its output does if `outputsAsExpectations` is set.
   *
   * @throws RivuletError `not_found` for the dataset or a trace
   */
  addTraces(name: string, options: AddTracesOptions): Promise<Dataset>;
  /**
   * Removes records, which makes the next version. Earlier versions keep them. @throws RivuletError `not_found`
   */
  deleteRecords(name: string, ids: readonly string[]): Promise<Dataset>;
  /** The records of one version (default: the newest), oldest first. @throws RivuletError `not_found` */
  listRecords(
    query: PageQuery & { readonly name: string; readonly version?: number },
  ): Promise<Page<DatasetRecord>>;
}

/** Options of `datasets.addTraces`. */
export interface AddTracesOptions {
  /** Ids of the traces. */
  readonly traceIds: readonly string[];
  /** Whether the output of a trace without logged expectations becomes the record's. @default false */
  readonly outputsAsExpectations?: boolean;
}

/** Options of `datasets.create`. */
export interface CreateDatasetOptions {
  /** Unique; up to 250 characters. */
  readonly name: string;
  /** Free text, up to 5,000 characters. @default '' */
  readonly description?: string;
  /** Free-form labels, up to 100. */
  readonly tags?: StringMap;
  /** Examples of the first version. @default none: the dataset is empty */
  readonly records?: readonly DatasetRecordInput[];
}

/** An example to add. Its id is derived from `inputs`: equal inputs are the same record. */
export interface DatasetRecordInput {
  /** What the task is given. Up to 1 MB as JSON, together with `expectations`. */
  readonly inputs: JsonValue;
  /** What the task should return, in whatever shape the scorers expect. */
  readonly expectations?: JsonValue;
  /** Free-form details. @default {} */
  readonly metadata?: JsonObject;
  /** The trace that the example was taken from. */
  readonly sourceTraceId?: string;
}
