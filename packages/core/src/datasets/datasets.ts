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

/** Datasets of examples, in immutable versions. */
export interface Datasets {
  create(options: CreateDatasetOptions): Promise<Dataset>;
  /** @throws `not_found` */
  get(name: string): Promise<Dataset>;
  find(name: string): Promise<Dataset | undefined>;
  search(query?: SearchQuery): Promise<Page<Dataset>>;
  update(name: string, patch: DescribedPatch): Promise<Dataset>;
  delete(name: string): Promise<void>;
  /** Adds or merges examples and makes the next version. */
  addRecords(name: string, records: readonly DatasetRecordInput[]): Promise<Dataset>;
  /** Adds the root inputs of traces; their expectations become the record's, else their output when `outputsAsExpectations`. */
  addTraces(
    name: string,
    options: { readonly traceIds: readonly string[]; readonly outputsAsExpectations?: boolean },
  ): Promise<Dataset>;
  deleteRecords(name: string, ids: readonly string[]): Promise<Dataset>;
  /** The records of one version. @default the newest */
  listRecords(
    query: PageQuery & { readonly name: string; readonly version?: number },
  ): Promise<Page<DatasetRecord>>;
}

/** Options of `datasets.create`. */
export interface CreateDatasetOptions {
  readonly name: string;
  readonly description?: string;
  readonly tags?: StringMap;
  readonly records?: readonly DatasetRecordInput[];
}

/** An example to add. Its id is made from `inputs`: the same inputs are the same record. */
export interface DatasetRecordInput {
  readonly inputs: JsonValue;
  readonly expectations?: JsonValue;
  readonly metadata?: JsonObject;
  readonly sourceTraceId?: string;
}
