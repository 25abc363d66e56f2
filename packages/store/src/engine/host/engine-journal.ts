import { RivuletError, toRivuletError } from "@rivulet/domain";
import { modesOf } from "../../file-modes.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Journal } from "../../port/store.ts";
import type { SpoolToFollow } from "../serving/service-data.ts";
import { type HostSignals, hostSignals, signalMemory } from "../signals.ts";
import { attachmentWriter } from "../spool/attachment-files.ts";
import { type AttachmentOutbox, createAttachmentOutbox } from "../spool/attachment-outbox.ts";
import { createJournal, type JournalParts, type SinkJournal } from "../spool/journal.ts";
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
  readonly link: () => Pick<BackendLink, "drain" | "takeLines" | "takeAttachment" | "deaths">;
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
  const signals = hostSignals(memory);
  const { wrote, taken, lost } = signals;
  const attachments = spoolAttachments(parts, place, signals);
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
  const whole = withAttachments(journal, attachments);
  return {
    journal: {
      ...whole,
      stats() {
        const stats = whole.stats();
        return { ...stats, dropped: stats.dropped + lost() };
      },
    },
    spool: { ...place, signals: memory },
    async close() {
      journal.close();
      await attachments.outbox.flush();
      attachments.outbox.close();
    },
    release: journal.release,
  };
}

/** The files of spans on their way to the store. */
interface Attachments {
  readonly outbox: AttachmentOutbox;
  /** Bytes that have left the outbox and are not in the store. */
  readonly pendingBytes: () => number;
  /** Files that the store had no room for. */
  readonly refused: () => number;
}

function spoolAttachments(
  { options, report }: EngineJournalParts,
  place: SpoolPlace,
  { wrote, attachmentBytes, refusedAttachments }: HostSignals,
): Attachments {
  const writer = attachmentWriter(place, options.fileMode);
  const limit = options.journalBytes ?? SPOOL_BYTES;
  let written = 0;
  const pendingBytes = (): number => Math.max(0, written - attachmentBytes());
  const outbox = createAttachmentOutbox({
    async send(file) {
      await writer.write(file);
      written += file.content.byteLength;
      wrote();
      return true;
    },
    sendNow: writer.writeNow,
    hasRoom: (bytes) => pendingBytes() + bytes <= limit,
    report,
  });
  return { outbox, pendingBytes, refused: refusedAttachments };
}

function withAttachments(
  journal: SinkJournal,
  { outbox, pendingBytes, refused }: Attachments,
): Journal {
  return {
    ...journal,
    appendAttachment: outbox.add,
    async flush() {
      await outbox.flush();
      await journal.flush();
    },
    stats() {
      const stats = journal.stats();
      return {
        ...stats,
        droppedAttachments: outbox.dropped() + refused(),
        pendingBytes: stats.pendingBytes + outbox.waitingBytes() + pendingBytes(),
      };
    },
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
  const outbox = createAttachmentOutbox({
    send: (file) => link().takeAttachment(file),
    report,
  });
  return {
    journal: withAttachments(journal, { outbox, pendingBytes: () => 0, refused: () => 0 }),
    async close() {
      journal.close();
      await outbox.flush();
      outbox.close();
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
  return {
    journal: {
      ...journal,
      appendAttachment: () => false,
      stats: () => ({ ...journal.stats(), droppedAttachments: 0 }),
    },
    close: async () => journal.close(),
    release: journal.release,
  };
}

function limitsOf(
  { durability = "tick", journalBytes }: OpenStoreOptions,
  bytes: number,
): Pick<JournalParts, "limit" | "durability"> {
  return { durability, limit: journalBytes ?? bytes };
}
