import { RivuletError, toRivuletError } from "@rivulet/domain";
import { modesOf } from "../../file-modes.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Journal } from "../../port/store.ts";
import type { SpoolToFollow } from "../serving/service-data.ts";
import { hostSignals, signalMemory } from "../signals.ts";
import { createJournal, type JournalParts } from "../spool/journal.ts";
import { NOTHING_TAKEN } from "../spool/ledger.ts";
import { memorySink } from "../spool/memory-sink.ts";
import type { RecordSink } from "../spool/record-sink.ts";
import type { SpoolPlace } from "../spool/spool-folder.ts";
import { openSpool } from "../spool/spool-writer.ts";
import type { BackendLink } from "./backend-link.ts";
import { createLineQueue } from "./line-queue.ts";

/** The app's end of an engine's journal. It accepts records before the database is open. */
export interface EngineJournal {
  readonly journal: Journal;
  /** The spool that the writer follows; absent when records wait in memory. */
  readonly spool?: SpoolToFollow;
  /** Writes the current tick and accepts nothing more. Records in memory are written to the database. */
  close(): Promise<void>;
  /** Releases the spool: the database has everything, or never will. */
  release(): void;
}

/** Options of {@link openEngineJournal}. */
export interface EngineJournalParts {
  readonly options: OpenStoreOptions;
  /** Folder of the spool. @default none: records wait in memory */
  readonly spool?: string;
  readonly owner: string;
  /** Milliseconds for which a database in this thread may block it at a time. */
  readonly sliceMs?: number;
  /** Connection to the database; not used before there is a record. */
  readonly link: () => Pick<BackendLink, "drain" | "takeLines" | "deaths">;
  readonly report: (error: Error) => void;
}

const SPOOL_BYTES = 1024 ** 3;
const MEMORY_BYTES = 64 * 1024 ** 2;

/**
 * Opens the journal of an engine. A read-only one accepts nothing. If the spool cannot be written, records wait in
 * memory, which is reported.
 */
export function openEngineJournal(parts: EngineJournalParts): EngineJournal {
  if (parts.options.readOnly) return closedJournal(parts);
  const sink = openSink(parts);
  return sink === undefined ? memoryJournal(parts) : spoolJournal(parts, sink);
}

function openSink({ spool, owner, options, report }: EngineJournalParts): SpoolSink | undefined {
  if (spool === undefined) return undefined;
  const place = { folder: spool, keepFolder: options.spool !== undefined, owner };
  const { file: fileMode, folder: folderMode } = modesOf(options.fileMode);
  try {
    return { place, sink: openSpool({ ...place, fileMode, folderMode }) };
  } catch (cause) {
    const { message } = toRivuletError(cause);
    report(
      new RivuletError(
        "store_unavailable",
        `Records wait in memory and will be lost if the process ends before they are stored: ${message}`,
        { cause, details: { path: spool } },
      ),
    );
    return undefined;
  }
}

interface SpoolSink {
  readonly place: SpoolPlace;
  readonly sink: RecordSink;
}

function spoolJournal(parts: EngineJournalParts, { place, sink }: SpoolSink): EngineJournal {
  const memory = signalMemory();
  const { wrote, taken, lost } = hostSignals(memory);
  let deaths = 0;
  const journal = createJournal({
    sink,
    ...limitsOf(parts.options, SPOOL_BYTES),
    wrote,
    taken,
    drained: () => parts.link().drain(),
    hasDied() {
      const before = deaths;
      deaths = parts.link().deaths();
      return deaths > before;
    },
    onError: parts.report,
  });
  return {
    journal: {
      ...journal,
      stats() {
        const stats = journal.stats();
        return { ...stats, dropped: stats.dropped + lost() };
      },
    },
    spool: { ...place, signals: memory },
    close: async () => journal.close(),
    release: journal.release,
  };
}

function memoryJournal(parts: EngineJournalParts): EngineJournal {
  const { options, sliceMs, link, report } = parts;
  const queue = createLineQueue({
    take: (lines) => link().takeLines(lines),
    onError: (error) => report(toRivuletError(error)),
    ...(sliceMs === undefined ? {} : { sliceMs }),
  });
  const journal = createJournal({
    sink: memorySink(queue.add),
    ...limitsOf(options, MEMORY_BYTES),
    wrote: () => undefined,
    taken: queue.taken,
    drained: queue.drain,
    onError: report,
  });
  return {
    journal,
    async close() {
      journal.close();
      await queue.drain().finally(queue.stop);
    },
    release: journal.release,
  };
}

function closedJournal({ report }: EngineJournalParts): EngineJournal {
  const journal = createJournal({
    sink: memorySink(() => undefined),
    limit: -1,
    refusal: "the store is open read-only.",
    durability: "tick",
    wrote: () => undefined,
    taken: () => NOTHING_TAKEN,
    drained: async () => undefined,
    onError: report,
  });
  return { journal, close: async () => journal.close(), release: journal.release };
}

function limitsOf(
  { durability = "tick", journalBytes }: OpenStoreOptions,
  bytes: number,
): Pick<JournalParts, "limit" | "durability"> {
  return { durability, limit: journalBytes ?? bytes };
}
