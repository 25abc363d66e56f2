import type { Store } from "../../port/store.ts";
import type { EngineSetup } from "./engine-setup.ts";
import { createSharedEngine, type SharedEngine } from "./shared-engine.ts";

/** The engines of this thread by key, across all copies of this package. */
const ENGINES = Symbol.for("@rivulet/store/engines/1");

/**
 * Opens a store on a backend: first its journal, which is passed to `options.onJournal` before this returns, then its
 * workers or the database itself. A worker that dies is replaced. Clients of one thread with the same `key` share an
 * engine, which the last of them closes; each has its own `onError`.
 *
 * @throws RivuletError whatever opening the backend throws; `store_unavailable` when a worker dies meanwhile
 */
export function openEngine(setup: EngineSetup): Promise<Store> {
  const { key, options } = setup;
  if (key === undefined)
    return createSharedEngine({ ...setup, after: Promise.resolve() }).join(options);
  const engines = enginesOfThread();
  // Read-only clients need an engine of their own.
  const place = options.readOnly ? `${key} (reading only)` : key;
  const known = engines.get(place);
  if (known !== undefined && !known.isOver()) return known.join(options);
  const engine = createSharedEngine({ ...setup, after: known?.closed ?? Promise.resolve() });
  engines.set(place, engine);
  void engine.closed.then(() => {
    if (engines.get(place) === engine) engines.delete(place);
  });
  return engine.join(options);
}

function enginesOfThread(): Map<string, SharedEngine> {
  const holder = globalThis as { [ENGINES]?: Map<string, SharedEngine> };
  holder[ENGINES] ??= new Map();
  return holder[ENGINES];
}
