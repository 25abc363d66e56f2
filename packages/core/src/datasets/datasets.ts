import type { Dataset, DatasetRecord } from "../domain/dataset.ts";
import type { JsonObject, JsonValue, StringMap } from "../domain/json.ts";
import type { Page, SearchQuery } from "../domain/page.ts";

/** Datasets of examples, in immutable versions. */
export interface Datasets {
  create(options: {
    readonly name: string;
    readonly description?: string;
    readonly tags?: StringMap;
    readonly records?: readonly DatasetRecordInput[];
  }): Promise<Dataset>;
  /** @throws `not_found` */
  get(name: string): Promise<Dataset>;
  find(name: string): Promise<Dataset | undefined>;
  search(query?: SearchQuery): Promise<Page<Dataset>>;
  update(
    name: string,
    patch: {
      readonly description?: string;
      readonly tags?: StringMap;
      readonly removeTags?: readonly string[];
    },
  ): Promise<Dataset>;
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
  listRecords(query: {
    readonly name: string;
    readonly version?: number;
    readonly limit?: number;
    readonly pageToken?: string;
  }): Promise<Page<DatasetRecord>>;
}

export interface DatasetRecordInput {
  readonly inputs: JsonValue;
  readonly expectations?: JsonValue;
  readonly metadata?: JsonObject;
  readonly sourceTraceId?: string;
}
