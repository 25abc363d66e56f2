import type { OpenStoreOptions } from "../port/open-store-options.ts";
import type { Journal } from "../port/store.ts";
import type { WorkerSetup } from "./messages.ts";
import { hostSignals } from "./signals.ts";
import { createJournal } from "./spool/journal.ts";
import { memorySink } from "./spool/memory-sink.ts";
import { spoolSink } from "./spool/spool-writer.ts";
import type { WorkerClient } from "./worker-client.ts";

/** The app's end of the journal. With a spool it takes records before the writer runs. */
export interface HostJournal {
  readonly journal: Journal;
  /** The writer runs, or never will. */
  attach(writer: Promise<WorkerClient>): void;
  /** Whether anybody wants to know what the records change. */
  watch(isWanted: boolean): void;
  close(): void;
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
  let writer: WorkerClient | undefined;

  const journal = createJournal({
    sink:
      spool === undefined
        ? memorySink((lines) => writer?.post({ kind: "lines", lines }))
        : spoolSink(spool),
    limit: readOnly ? -1 : (journalBytes ?? (spool === undefined ? MEMORY_BYTES : SPOOL_BYTES)),
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
      starting.then((worker) => {
        writer = worker;
        attached.resolve(worker);
      }, attached.reject);
    },
    watch,
    close: journal.close,
  };
}
