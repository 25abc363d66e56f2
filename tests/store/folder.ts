import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenStoreOptions, openStore, type Store } from "@rivulet/core";
import { onTestFinished } from "vitest";

/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-store-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An open store and what it could tell nobody else. */
export interface OpenedStore {
  readonly store: Store;
  readonly errors: readonly Error[];
}

/** A store that is closed after the test. */
export async function opened(url: string, options: OpenStoreOptions = {}): Promise<OpenedStore> {
  const errors: Error[] = [];
  const store = await openStore(url, { onError: (error) => errors.push(error), ...options });
  onTestFinished(() => store.close());
  return { store, errors };
}

/** A new store of a kind, with its spool in a folder of its own, closed after the test. */
export async function openedNew(
  kind: "memory" | "sqlite" | "postgres",
  options: OpenStoreOptions = {},
): Promise<OpenedStore> {
  const folder = await aFolder();
  const url = {
    memory: () => "memory:",
    sqlite: () => `sqlite:${join(folder, "new.db")}`,
    // Imported when it is wanted: it registers its driver.
    postgres: async () => (await import("../postgres/store-url.ts")).aStoreUrl(),
  };
  return opened(await url[kind](), { spool: join(folder, "spool"), ...options });
}
