import type { Dataset } from "@rivulet/domain";
import type { DatasetChange } from "@rivulet/store";
import type { Context } from "../context.ts";
import { maskRecord } from "../masking/masked-records.ts";
import { searchSchema, toStorePage, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { describedPatchSchema, idSchema, parseInput } from "../validation.ts";
import {
  addTracesSchema,
  createDatasetSchema,
  datasetRecordsSchema,
  idListSchema,
  listRecordsSchema,
  readTraceRecord,
  toRecords,
} from "./dataset-input.ts";
import type { DatasetRecordInput, Datasets } from "./datasets.ts";

/** Datasets on the context's store. */
export function createDatasets(context: Context): Datasets {
  return Object.freeze<Datasets>({
    ...createDatasetRecords(context),
    ...createExamples(context),
  });
}

function createDatasetRecords(
  context: Context,
): Pick<Datasets, "create" | "get" | "find" | "search" | "update" | "delete"> {
  const { masking, store, now } = context;
  const find: Datasets["find"] = async (name) =>
    (await store()).datasets.get(parseInput(idSchema, name, "name"));

  return {
    find,
    create: async (options) => {
      const input = parseInput(createDatasetSchema, options, "dataset");
      const time = now();
      const dataset: Dataset = {
        name: input.name,
        description: input.description ?? "",
        createdAt: time,
        updatedAt: time,
        tags: input.tags ?? {},
        version: 0,
        recordCount: 0,
      };
      const { datasets } = await store();
      await datasets.create(dataset);
      if (input.records === undefined || input.records.length === 0) return dataset;
      const upsert = toRecords(input.records, time).map((record) => maskRecord(masking, record));
      return datasets.changeRecords({ name: input.name, upsert, updatedAt: time });
    },
    get: async (name) => {
      const dataset = await find(name);
      if (dataset === undefined) throw notFound("dataset", name);
      return dataset;
    },
    search: async (query = {}) =>
      (await store()).datasets.search(
        toStoreQuery(context, "dataset", parseInput(searchSchema, query, "query")),
      ),
    update: async (name, patch) => {
      const input = parseInput(describedPatchSchema, patch, "dataset");
      const key = parseInput(idSchema, name, "name");
      return (await store()).datasets.update({ ...input, name: key, updatedAt: now() });
    },
    delete: async (name) => (await store()).datasets.delete(parseInput(idSchema, name, "name")),
  };
}

function createExamples(
  context: Context,
): Pick<Datasets, "addRecords" | "addTraces" | "deleteRecords" | "listRecords"> {
  const { masking, store, now } = context;
  const change = async (
    name: string,
    part: Pick<DatasetChange, "upsert" | "remove">,
  ): Promise<Dataset> => {
    const key = parseInput(idSchema, name, "name");
    return (await store()).datasets.changeRecords({ name: key, ...part, updatedAt: now() });
  };
  const add = (name: string, records: readonly DatasetRecordInput[]): Promise<Dataset> =>
    change(name, {
      upsert: toRecords(records, now()).map((record) => maskRecord(masking, record)),
    });

  return {
    addRecords: async (name, records) =>
      add(name, parseInput(datasetRecordsSchema, records, "records")),
    addTraces: async (name, options) => {
      const key = parseInput(idSchema, name, "name");
      const { traceIds, outputsAsExpectations: useOutput = false } = parseInput(
        addTracesSchema,
        options,
        "options",
      );
      await context.journal.flush();
      const records: DatasetRecordInput[] = [];
      for (const traceId of traceIds) {
        records.push(await readTraceRecord(await store(), { traceId, useOutput }));
      }
      return add(key, parseInput(datasetRecordsSchema, records, "traces"));
    },
    deleteRecords: async (name, ids) =>
      change(name, { remove: parseInput(idListSchema, ids, "ids") }),
    listRecords: async (query) => {
      const input = parseInput(listRecordsSchema, query, "query");
      const { datasets } = await store();
      return datasets.listRecords({ ...input, ...toStorePage(input) });
    },
  };
}
