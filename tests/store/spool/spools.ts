import { join } from "node:path";
import { aSpan, hexId } from "@rivulet/core/testing";
import {
  createSpoolReader,
  type EndedOwner,
  openSpool,
  type RecordSink,
  type SpoolOptions,
  type SpoolPlace,
  type SpoolReader,
  type SpoolReaderParts,
  type SpoolStep,
  spanLine,
} from "@rivulet/store/spool";
import { onTestFinished } from "vitest";
import { aFolder } from "../folder.ts";
import { type RecordsInMemory, recordsInMemory } from "./records-in-memory.ts";

/** The nth owner. */
export function anOwner(index: number): string {
  return hexId(index, 16);
}

/** A spool in a folder that is gone after the test. */
export async function aPlace(): Promise<SpoolPlace> {
  return { folder: join(await aFolder(), "spool"), owner: anOwner(1) };
}

/** A writer that lets go after the test. */
export function openedSpool(options: SpoolOptions): RecordSink {
  const sink = openSpool(options);
  onTestFinished(() => sink.release());
  return sink;
}

/** Lines of spans with these names. */
export function linesOf(...names: readonly string[]): string {
  return names.map((name) => spanLine(aSpan({ name }))).join("");
}

/** A reader, and what it told. */
export interface OpenedReader extends RecordsInMemory {
  readonly reader: SpoolReader;
  readonly ended: EndedOwner[];
  readonly reports: Error[];
  /** Steps until nothing is left. */
  drain(): Promise<Omit<SpoolStep, "idle">>;
  /** Looks for what others have left, and does the same. */
  claim(): Promise<Omit<SpoolStep, "idle">>;
}

/** A reader of the spool. Without records of its own unless `place` names their owner. */
export function openedReader(
  place: SpoolPlace,
  parts: Partial<SpoolReaderParts> = {},
  database: RecordsInMemory = recordsInMemory(),
): OpenedReader {
  const ended: EndedOwner[] = [];
  const reports: Error[] = [];
  const reader = createSpoolReader({
    backend: database.backend,
    place,
    ended: async (owner) => {
      ended.push(owner);
    },
    report: (error) => {
      reports.push(error);
    },
    ...parts,
  });
  onTestFinished(() => reader.finish());
  const claim = (): Promise<Omit<SpoolStep, "idle">> => {
    reader.recover();
    return drain(reader);
  };
  return { ...database, reader, ended, reports, claim, drain: () => drain(reader) };
}

async function drain(reader: SpoolReader): Promise<Omit<SpoolStep, "idle">> {
  const steps: SpoolStep[] = [];
  do steps.push(await reader.step());
  while (!steps.at(-1)?.idle);
  const sum = (pick: (step: SpoolStep) => number): number =>
    steps.reduce((total, step) => total + pick(step), 0);
  return {
    changes: steps.flatMap(({ changes }) => changes),
    refused: steps.flatMap(({ refused }) => refused),
    taken: {
      records: sum(({ taken }) => taken.records),
      bytes: sum(({ taken }) => taken.bytes),
      refused: sum(({ taken }) => taken.refused),
    },
  };
}
