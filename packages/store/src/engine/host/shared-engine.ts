import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Store } from "../../port/store.ts";
import { differingOptions } from "./differing-options.ts";
import { type EngineStart, startEngine } from "./engine.ts";
import { createEngineClient } from "./engine-client.ts";

/** An engine and the clients that hold it; the last one closes it. */
export interface SharedEngine {
  /** One more client. Its journal is given to `onJournal` before this returns. */
  join(options: OpenStoreOptions): Promise<Store>;
  /** No client holds it any more, or it could not be opened: the next client needs another engine. */
  isOver(): boolean;
  /** Resolves when everything that it held is free again. */
  readonly closed: Promise<void>;
}

type OnError = (error: Error) => void;

/** Starts an engine to be shared. The options of the first client are the engine's. */
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
      // What was recorded stays in the spool for the next start.
      await client.close().catch(() => undefined);
      throw error;
    }
  };
  return { join, isOver: () => isOver, closed: closed.promise };
}

/** Those who are told of failures. */
interface Listeners {
  add(listener: OnError): void;
  remove(listener: OnError): void;
  tell(error: Error): void;
}

function createListeners(): Listeners {
  const listeners = new Set<OnError>();
  /** The engine starts before its first client listens. */
  let untold: readonly Error[] = [];
  const tell = (error: Error): void => {
    if (listeners.size === 0) untold = [...untold, error];
    for (const listener of listeners) {
      try {
        listener(error);
      } catch {
        // A client whose `onError` fails does not keep the others from being told.
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
