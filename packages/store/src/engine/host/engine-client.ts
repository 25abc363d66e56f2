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
  const { journal, shut } = clientJournal(engine.journal);
  return {
    info: engine.info,
    owner: engine.owner,
    ...storeMethods((call) => whileOpen(() => engine.call(call))),
    journal,
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
      shut();
      for (const stop of subscriptions) stop();
      closing ??= letGo();
      return closing;
    },
  };
}

/** The engine's journal until the client is closed; from then on it refuses everything. */
function clientJournal(journal: Journal): { readonly journal: Journal; shut(): void } {
  let late = 0;
  const refuse = (): boolean => {
    late += 1;
    return false;
  };
  const own = {
    appendSpan: journal.appendSpan,
    appendMetrics: journal.appendMetrics,
    appendAttachment: journal.appendAttachment,
    flush: journal.flush,
    stats() {
      const stats = journal.stats();
      return { ...stats, dropped: stats.dropped + late };
    },
  };
  const shut = (): void => {
    own.appendSpan = refuse;
    own.appendMetrics = refuse;
    own.appendAttachment = () => false;
  };
  return { journal: own, shut };
}
