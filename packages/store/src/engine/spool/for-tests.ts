// For the tests of this package: from sources only, not published.

export { type HeldLock, type LockOptions, takeLock } from "../lock.ts";
export { createAttachmentOutbox } from "./attachment-outbox.ts";
export { createJournal, type JournalParts, type SinkJournal } from "./journal.ts";
export { type Amount, NOTHING_TAKEN, type Taken } from "./ledger.ts";
export { memorySink, takeLines } from "./memory-sink.ts";
export { exitLine, metricsLine, parseLine, spanLine } from "./record-line.ts";
export type { RecordSink, Trouble } from "./record-sink.ts";
export type { FileCalls } from "./segment-file.ts";
export { isWriterAlive, type SpoolPlace } from "./spool-folder.ts";
export {
  createSpoolReader,
  type SpoolReader,
  type SpoolReaderParts,
  type SpoolStep,
} from "./spool-reader.ts";
export type { EndedOwner } from "./spool-recovery.ts";
export { openSpool, type SpoolOptions } from "./spool-writer.ts";
