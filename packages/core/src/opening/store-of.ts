import type { Store } from "@rivulet/store";
import type { Rivulet } from "../rivulet.ts";

const STORES = new WeakMap<Rivulet, () => Promise<Store>>();

/**
 * The store of a client, for imports, whose records have ids and times of their own. What goes in here is neither
 * checked nor masked.
 *
 * @throws RivuletError `closed`; what opening the store failed with
 */
export async function storeOf(rivulet: Rivulet): Promise<Store> {
  const open = STORES.get(rivulet);
  if (open === undefined) throw new TypeError("The client is not one that createRivulet has made.");
  return open();
}

/** Remembers the store of a client for {@link storeOf}, and returns the client. */
export function noteStore(client: Rivulet, store: () => Promise<Store>): Rivulet {
  STORES.set(client, store);
  return client;
}
