import {
  type DatasetRecordInput,
  LIMITS,
  messageOf,
  type Rivulet,
  recordId,
  storeOf,
} from "@rivulet/core";
import { createOnce } from "./create-once.ts";
import type { Tally } from "./report.ts";
import type { MlflowSource, SourceDataset } from "./source.ts";

interface Writing {
  readonly rivulet: Rivulet;
  readonly source: MlflowSource;
  readonly tally: Tally;
  readonly signal?: AbortSignal | undefined;
}

/** Writes evaluation datasets. Records that are there already are left alone: they may have been changed since. */
export async function writeDatasets({ rivulet, source, tally, signal }: Writing): Promise<void> {
  for (const dataset of source.datasets()) {
    signal?.throwIfAborted();
    try {
      await writeDataset(dataset, { rivulet, tally });
      tally.add("datasets");
    } catch (error) {
      tally.skip(dataset.path, messageOf(error));
    }
  }
}

async function writeDataset(
  { name: given, createdAt, updatedAt, tags, records, path }: SourceDataset,
  { rivulet, tally }: Pick<Writing, "rivulet" | "tally">,
): Promise<void> {
  const { datasets } = await storeOf(rivulet);
  // A name is part of references such as `datasets:/name/3`.
  const name = given.replaceAll(/[/:@\\]/g, "-");
  if (name !== given) tally.rename(path, name);
  const record = { name, description: "", createdAt, updatedAt, tags, version: 0, recordCount: 0 };
  await createOnce({ get: () => datasets.get(name), create: () => datasets.create(record) });
  const known = await knownIds(rivulet, name);
  let batch: DatasetRecordInput[] = [];
  const write = async (): Promise<void> => {
    if (batch.length > 0) await rivulet.datasets.addRecords(name, batch);
    batch = [];
  };
  for (const record of records) {
    tally.add("records");
    if (known.has(recordId(record.inputs))) continue;
    batch.push(record);
    if (batch.length === LIMITS.records) await write();
  }
  await write();
}

async function knownIds(rivulet: Rivulet, name: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let pageToken: string | undefined;
  do {
    const page = await rivulet.datasets.listRecords({ name, ...(pageToken && { pageToken }) });
    for (const { id } of page.items) ids.add(id);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return ids;
}
