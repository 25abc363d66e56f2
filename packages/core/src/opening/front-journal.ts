import { RivuletError } from "@rivulet/domain";
import {
  type AttachmentBytes,
  type Journal,
  type JournalStats,
  JsonText,
  type MetricsWrite,
  type SpanWrite,
} from "@rivulet/store";

/** The journal of a store that is still being opened. */
export interface FrontJournal extends Journal {
  /** The store's journal is there: hands over what was taken, in order, and everything from now on. Once is enough. */
  attach(target: Journal): void;
  /** The store cannot be opened, or is closed: what waits is dropped and counted, as is what comes. */
  shut(): void;
}

type Waiting = { readonly json: string; readonly isSpan: boolean };

/** Most characters that wait for a store to open. */
const LIMIT = 64 * 1024 * 1024;

/** What {@link createFrontJournal} works with. */
export interface FrontJournalParts {
  /** Settles when the store is open or will never be. */
  readonly opened: () => Promise<unknown>;
  /** Most characters that wait. @default 64 MiB */
  readonly limit?: number | undefined;
  /** Told of the first record that has no room. */
  readonly reportError: (error: unknown) => void;
}

/**
 * Takes records from the first tick on, until the store's own journal is there: at once for stores of this
 * machine. They are serialised at once, because callers change their messages later. From then on the store's journal
 * has the calls itself.
 */
export function createFrontJournal(parts: FrontJournalParts): FrontJournal {
  const { opened, limit = LIMIT, reportError } = parts;
  const waiting = createWaitingRecords(limit, () => reportError(fullError(limit)));
  let target: Journal | undefined;
  const held: Appends = {
    appendSpan: (write) => waiting.add(write, true),
    appendMetrics: (write) => waiting.add(write, false),
    appendAttachment: waiting.addFile,
  };

  const journal: FrontJournal = {
    ...held,
    flush: async () => {
      await opened();
      await target?.flush();
    },
    stats: () => sum(waiting.stats(), target?.stats()),
    attach(attached) {
      if (target === attached) return;
      const { records, files } = waiting.empty();
      for (const file of files) attached.appendAttachment(file);
      for (const item of records) replay(item, attached);
      target = attached;
      Object.assign(journal, appendsOf(attached));
    },
    shut() {
      waiting.shut();
      Object.assign(journal, held);
    },
  };
  return journal;
}

type Appends = Pick<Journal, "appendSpan" | "appendMetrics" | "appendAttachment">;

function appendsOf(journal: Journal): Appends {
  return {
    appendSpan: journal.appendSpan.bind(journal),
    appendMetrics: journal.appendMetrics.bind(journal),
    appendAttachment: journal.appendAttachment.bind(journal),
  };
}

/** What waits for the store's journal. */
interface WaitingRecords {
  add(write: SpanWrite | MetricsWrite, isSpan: boolean): boolean;
  addFile(file: AttachmentBytes): boolean;
  empty(): { readonly records: readonly Waiting[]; readonly files: readonly AttachmentBytes[] };
  /** Drops what waits, and takes nothing more. */
  shut(): void;
  stats(): Omit<JournalStats, "medium">;
}

function createWaitingRecords(limit: number, tellFull: () => void): WaitingRecords {
  const records: Waiting[] = [];
  const files = new Map<string, AttachmentBytes>();
  const dropped = { records: 0, files: 0 };
  let size = 0;
  let isShut = false;
  let isFull = false;

  const take = (length: number): boolean => {
    if (isShut) return false;
    const hasRoom = size + length <= limit;
    if (hasRoom) size += length;
    else if (!isFull) tellFull();
    isFull ||= !hasRoom;
    return hasRoom;
  };
  const empty: WaitingRecords["empty"] = () => {
    const all = { records: records.splice(0), files: [...files.values()] };
    files.clear();
    size = 0;
    return all;
  };
  return {
    add(write, isSpan) {
      const json = serialise(write);
      const isTaken = json !== undefined && take(json.length);
      if (isTaken) records.push({ json, isSpan });
      else dropped.records += 1;
      return isTaken;
    },
    addFile(file) {
      const isTaken = files.has(file.hash) || take(file.content.byteLength);
      if (isTaken) files.set(file.hash, file);
      else dropped.files += 1;
      return isTaken;
    },
    empty,
    shut() {
      isShut = true;
      const left = empty();
      dropped.records += left.records.length;
      dropped.files += left.files.length;
    },
    stats: () => ({
      appended: records.length,
      dropped: dropped.records,
      droppedAttachments: dropped.files,
      pendingBytes: size,
    }),
  };
}

function fullError(limit: number): RivuletError {
  const message = `Records are dropped: ${limit} characters may wait until the store is open (option journalBytes).`;
  return new RivuletError("limit_exceeded", message, { details: { limit } });
}

function serialise(write: SpanWrite | MetricsWrite): string | undefined {
  try {
    return JSON.stringify(write);
  } catch {
    return undefined;
  }
}

function replay(item: Waiting, journal: Journal): void {
  if (item.isSpan) journal.appendSpan(encoded(JSON.parse(item.json) as SpanWrite));
  else journal.appendMetrics(JSON.parse(item.json) as MetricsWrite);
}

/** The bodies are JSON already: encoded once more, as part of the record, they would be cut at a lesser depth. */
function encoded(write: SpanWrite): SpanWrite {
  const { input, output, attributes } = write;
  return {
    ...write,
    ...(input === undefined ? {} : { input: textOf(input) }),
    ...(output === undefined ? {} : { output: textOf(output) }),
    attributes: textOf(attributes),
  };
}

function textOf(value: unknown): JsonText {
  return new JsonText(JSON.stringify(value));
}

function sum(front: Omit<JournalStats, "medium">, target: JournalStats | undefined): JournalStats {
  return {
    appended: front.appended + (target?.appended ?? 0),
    dropped: front.dropped + (target?.dropped ?? 0),
    droppedAttachments: front.droppedAttachments + (target?.droppedAttachments ?? 0),
    pendingBytes: front.pendingBytes + (target?.pendingBytes ?? 0),
    medium: target?.medium ?? "memory",
  };
}
