import type { Dataset, DatasetRecord } from "@rivulet/core";
import { ask, askPages, type PagedQuestion, type Question } from "../api/query-client.ts";

export function askDatasets(query: { readonly filter?: string }): PagedQuestion<Dataset> {
  return askPages({ subject: "dataset" }, "datasets.search", query);
}

export function askDataset(name: string): Question<Dataset> {
  return ask({ subject: "dataset", id: name }, "datasets.get", name);
}

/** Records of a version; of the newest without one. */
export function askRecords(name: string, version: string): PagedQuestion<DatasetRecord> {
  const wanted = version === "" ? undefined : Number(version);
  const query = { name, version: wanted };
  return askPages({ subject: "dataset", id: name }, "datasets.listRecords", query);
}
