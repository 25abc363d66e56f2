import type { Rivulet } from "../rivulet.ts";

/** The clients of a process, whatever copies of this module are loaded. None is kept alive by it. */
interface Clients {
  readonly all: Set<WeakRef<Rivulet>>;
  readonly isClosed: WeakMap<Rivulet, () => boolean>;
}

const CLIENTS: unique symbol = Symbol.for("@rivulet/core.clients") as typeof CLIENTS;

/** The clients of this process that are open, the oldest first; for adapters that are given none. */
export function openClients(): readonly Rivulet[] {
  const { all, isClosed } = clients();
  const open: Rivulet[] = [];
  for (const kept of all) {
    const client = kept.deref();
    if (client === undefined || isClosed.get(client)?.() !== false) all.delete(kept);
    else open.push(client);
  }
  return open;
}

/** Counts a client among {@link openClients} until it is closed, and returns it. */
export function noteClient(client: Rivulet, isClosed: () => boolean): Rivulet {
  openClients();
  const known = clients();
  known.isClosed.set(client, isClosed);
  known.all.add(new WeakRef(client));
  return client;
}

function clients(): Clients {
  const globals = globalThis as { [CLIENTS]?: Clients };
  globals[CLIENTS] ??= { all: new Set(), isClosed: new WeakMap() };
  return globals[CLIENTS];
}
