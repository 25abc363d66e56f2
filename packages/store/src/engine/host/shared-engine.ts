import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Store } from "../../port/store.ts";
import { differingOptions } from "./differing-options.ts";
import { type EngineStart, startEngine } from "./engine.ts";
import { createEngineClient } from "./engine-client.ts";

/** An engine and its clients; the last one closes it. */
export interface SharedEngine {
  /** Adds a client. Its journal is passed to `onJournal` before this returns. */
  join(options: OpenStoreOptions): Promise<Store>;
  /** No client uses it any more, or it could not be opened: the next client needs another engine. */
  isOver(): boolean;
  /** Resolves when everything it held is released. */
  readonly closed: Promise<void>;
}

type OnError = (error: Error) => void;

/** Starts an engine to be shared, with the options of its first client. */
export function createSharedEngine(start: Omit<EngineStart, "report">): SharedEngine {
  const listeners = createListeners();
  const closed = Promise.withResolvers<void>();
  const engine = startEngine({ ...start, report: listeners.tell });
  const sayOnce = onceEach();
  let clients = 0;
  let isOver = false;
  engine.opened.catch(() => {
    isOver = true;
  });

  const leave = async (onError: OnError): Promise<void> => {
    clients -= 1;
    const isLast = clients === 0;
    if (isLast) isOver = true;
    try {
      await (isLast ? engine.close() : engine.flush());
    } finally {
      listeners.remove(onError);
      if (isLast) closed.resolve();
    }
  };
  const join = async (options: OpenStoreOptions): Promise<Store> => {
    const onError: OnError = (error) => options.onError?.(error);
    clients += 1;
    listeners.add(onError);
    const client = createEngineClient(engine, () => leave(onError));
    try {
      for (const error of differingOptions(engine.info.url, start.options, options)) {
        sayOnce(error, onError);
      }
      if (!start.options.readOnly) options.onJournal?.(client.journal);
      await engine.opened;
      return client;
    } catch (error) {
      // Recorded data stays in the spool for the next start.
      await client.close().catch(() => undefined);
      throw error;
    }
  };
  return { join, isOver: () => isOver, closed: closed.promise };
}

/** The clients that receive errors. */
interface Listeners {
  add(listener: OnError): void;
  remove(listener: OnError): void;
  tell(error: Error): void;
}

function createListeners(): Listeners {
  const listeners = new Set<OnError>();
  /** Buffered, because the engine starts before its first client is added. */
  let untold: readonly Error[] = [];
  const tell = (error: Error): void => {
    if (listeners.size === 0) untold = [...untold, error];
    for (const listener of listeners) {
      try {
        listener(error);
      } catch {
        // An `onError` that throws must not keep the other clients from being called.
      }
    }
  };
  return {
    add(listener) {
      listeners.add(listener);
      const errors = untold;
      untold = [];
      for (const error of errors) tell(error);
    },
    remove: (listener) => void listeners.delete(listener),
    tell,
  };
}

function onceEach(): (error: Error, tell: OnError) => void {
  const said = new Set<string>();
  return (error, tell) => {
    if (said.has(error.message)) return;
    said.add(error.message);
    tell(error);
  };
}
