import type { Store } from "../../port/store.ts";
import type { EngineSetup } from "./engine-setup.ts";
import { createSharedEngine, type SharedEngine } from "./shared-engine.ts";

/** The engines of this thread by key, whatever copy of this package has started them. */
const ENGINES = Symbol.for("@rivulet/store/engines/1");

/**
 * Opens a store on a backend: at once its journal, which `options.onJournal` is given before this returns, then
 * its workers or the database itself. A worker that dies is replaced. Clients of one thread that give the same
 * `key` share one engine, which the last of them closes; each has its own `onError`.
 *
 * @throws RivuletError what the backend's opening throws; `store_unavailable` when a worker dies meanwhile
 */
export function openEngine(setup: EngineSetup): Promise<Store> {
  const { key, options } = setup;
  if (key === undefined)
    return createSharedEngine({ ...setup, after: Promise.resolve() }).join(options);
  const engines = enginesOfThread();
  // A reader writes nothing: it is another engine than one that does.
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
