import { RivuletError } from "@rivulet/domain";
import { type OpenStoreOptions, openStore, type Store } from "@rivulet/store";

const DEFAULT_STORE = "sqlite:./.rivulet/rivulet.db";

/** The options of a client that say which store it has. */
export interface GivenStore
  extends Pick<
    OpenStoreOptions,
    "durability" | "journalBytes" | "attachmentBytes" | "artifacts" | "spool" | "fileMode"
  > {
  readonly store?: string | Store;
}

/** Opens the store that a client's options name, or takes the one that they give. */
export async function openGivenStore(
  { store, durability, journalBytes, attachmentBytes, artifacts, spool, fileMode }: GivenStore,
  events: Required<Pick<OpenStoreOptions, "onError" | "onJournal">>,
): Promise<Store> {
  if (typeof store === "object" && store !== null) return checkStore(await store);
  const url = store ?? process.env["RIVULET_STORE"] ?? DEFAULT_STORE;
  return openStore(url, {
    ...events,
    ...(durability === undefined ? {} : { durability }),
    ...(journalBytes === undefined ? {} : { journalBytes }),
    ...(attachmentBytes === undefined ? {} : { attachmentBytes }),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(spool === undefined ? {} : { spool }),
    ...(fileMode === undefined ? {} : { fileMode }),
  });
}

/** @throws RivuletError `invalid_argument` when it is no store, such as a URL object */
function checkStore(store: Store): Store {
  if (typeof store?.close === "function" && typeof store.journal === "object") return store;
  const message = "Option store is the URL of a store as a string, or an open store.";
  throw new RivuletError("invalid_argument", message, { details: { option: "store" } });
}
