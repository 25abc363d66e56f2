import { RivuletError } from "@rivulet/domain";
import type { Journal, Store } from "../../port/store.ts";
import { storeMethods } from "../store-methods.ts";
import type { Engine } from "./engine.ts";

/**
 * One client's view of an engine that it may share with others: its subscriptions and its closing affect nobody else.
 *
 * @param letGo called once, when the client is closed
 */
export function createEngineClient(engine: Engine, letGo: () => Promise<void>): Store {
  const subscriptions = new Set<() => void>();
  let closing: Promise<void> | undefined;
  const isClosed = (): boolean => closing !== undefined;
  const whileOpen = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isClosed()) throw new RivuletError("closed", "The store is closed.");
    return work();
  };
  return {
    info: engine.info,
    owner: engine.owner,
    ...storeMethods((call) => whileOpen(() => engine.call(call))),
    journal: clientJournal(engine.journal, isClosed),
    subscribe(listener) {
      const stop = engine.subscribe(listener);
      subscriptions.add(stop);
      return () => {
        subscriptions.delete(stop);
        stop();
      };
    },
    checkIntegrity: () => whileOpen(() => engine.checkIntegrity()),
    backup: (folder) => whileOpen(() => engine.backup(folder)),
    close() {
      for (const stop of subscriptions) stop();
      closing ??= letGo();
      return closing;
    },
  };
}

/** The engine's journal, until the client is closed. */
function clientJournal(journal: Journal, isClosed: () => boolean): Journal {
  let late = 0;
  const isLate = (): boolean => {
    if (isClosed()) late += 1;
    return isClosed();
  };
  return {
    appendSpan: (write) => !isLate() && journal.appendSpan(write),
    appendMetrics: (write) => !isLate() && journal.appendMetrics(write),
    flush: () => journal.flush(),
    stats() {
      const stats = journal.stats();
      return { ...stats, dropped: stats.dropped + late };
    },
  };
}
