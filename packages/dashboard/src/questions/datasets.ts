import type { Dataset, DatasetRecord } from "@rivulet/core";
import { at } from "../api/http.ts";
import { ask, askPages, type PagedQuestion, type Question } from "../api/query-client.ts";

export function askDatasets(query: { readonly filter?: string }): PagedQuestion<Dataset> {
  return askPages({ subject: "dataset" }, "/datasets", query);
}

export function askDataset(name: string): Question<Dataset> {
  return ask({ subject: "dataset", id: name }, at`/datasets/${name}`);
}

/** Records of a version; of the newest without one. */
export function askRecords(name: string, version: string): PagedQuestion<DatasetRecord> {
  return askPages({ subject: "dataset", id: name }, at`/datasets/${name}/records`, { version });
}
