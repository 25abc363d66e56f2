import { toRivuletError } from "@rivulet/domain";
import type { OpenStoreOptions } from "../open-store.ts";
import type { Journal } from "../port/store.ts";
import type { WorkerSetup } from "./messages.ts";
import { hostSignals } from "./signals.ts";
import { createJournal } from "./spool/journal.ts";
import { memorySink } from "./spool/memory-sink.ts";
import type { RecordSink } from "./spool/record-sink.ts";
import type { SpoolPlace } from "./spool/spool-folder.ts";
import { openSpool } from "./spool/spool-writer.ts";
import type { WorkerClient } from "./worker-client.ts";

/** The app's end of the journal. With a spool it takes records before the writer runs. */
export interface HostJournal {
  readonly journal: Journal;
  /** The writer runs, or never will. */
  attach(writer: Promise<WorkerClient>): void;
  /** Whether anybody wants to know what the records change. */
  watch(isWanted: boolean): void;
  /** Whether records go through files; else the writer is sent them. */
  readonly isSpooled: boolean;
  /** Takes nothing more. */
  close(): void;
  /** The writer has taken everything, or never will. */
  release(): void;
}

const SPOOL_BYTES = 1024 ** 3;
const MEMORY_BYTES = 64 * 1024 ** 2;

/** Opens the journal of a store. One that is read only takes nothing. */
export function openHostJournal(
  { spool, signals }: Omit<WorkerSetup, "role">,
  { onError = () => undefined, durability = "tick", journalBytes, readOnly }: OpenStoreOptions,
): HostJournal {
  const attached = Promise.withResolvers<WorkerClient>();
  // Whoever flushes is told, and whoever opens the store.
  attached.promise.catch(() => undefined);
  const { wrote, taken, lost, watch } = hostSignals(signals);
  const post = (lines: string): void => {
    attached.promise.then((writer) => writer.post({ kind: "lines", lines })).catch(() => undefined);
  };
  const sink = openSink(spool, post, onError);
  const isSpooled = sink.medium === "spool";

  const journal = createJournal({
    sink,
    limit: readOnly ? -1 : (journalBytes ?? (isSpooled ? SPOOL_BYTES : MEMORY_BYTES)),
    durability,
    wrote,
    taken,
    async drained() {
      if (!readOnly) await (await attached.promise).call("drain");
    },
    onError,
  });
  return {
    journal: {
      appendSpan: journal.appendSpan,
      appendMetrics: journal.appendMetrics,
      flush: journal.flush,
      stats() {
        const stats = journal.stats();
        return { ...stats, dropped: stats.dropped + lost() };
      },
    },
    attach(starting) {
      starting.then(attached.resolve, attached.reject);
    },
    watch,
    isSpooled,
    close: journal.close,
    release: journal.release,
  };
}

/** Where no folder can be written records wait in memory, and that is said. */
function openSink(
  spool: SpoolPlace | undefined,
  post: (lines: string) => void,
  onError: (error: Error) => void,
): RecordSink {
  if (spool === undefined) return memorySink(post);
  try {
    return openSpool(spool);
  } catch (error) {
    onError(toRivuletError(error));
    return memorySink(post);
  }
}
