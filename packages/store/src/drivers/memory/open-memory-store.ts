import { RivuletError } from "@rivulet/domain";
import { openEngine } from "../../engine/host/open-engine.ts";
import { refuseElsewhere } from "../../files/files-elsewhere.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Store } from "../../port/store.ts";
import { openMemoryBackend } from "./memory-backend.ts";

/**
 * Opens a new store in memory, in the calling thread; for tests and trials. Each is its own.
 *
 * @throws RivuletError `unsupported` for `readOnly`: there would be nothing to read
 */
export async function openMemoryStore(options: OpenStoreOptions): Promise<Store> {
  if (options.readOnly) {
    throw new RivuletError("unsupported", "readOnly is for stores on disk, not for memory:.");
  }
  refuseElsewhere(options);
  return openEngine({
    info: { driver: "memory", url: "memory:" },
    backend: { kind: "local", open: openMemoryBackend },
    options,
  });
}
