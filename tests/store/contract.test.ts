import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store, toRivuletError } from "@rivulet/core";
import { storeContract } from "@rivulet/core/testing";
import { afterAll, beforeAll, describe, test } from "vitest";

const DRIVERS: Readonly<Record<string, (folder: string) => string>> = {
  memory: () => "memory:",
  sqlite: (folder) => `sqlite:${join(folder, "contract.db")}`,
  json: (folder) => `json:${join(folder, "contract.json")}`,
};

/** A store in a folder of its own. */
interface TestStore {
  readonly store: Store;
  /** Closes it, removes the folder, and throws when something failed in the background. */
  close(): Promise<void>;
}

async function openTestStore(url: (folder: string) => string): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-contract-"));
  const defects: Error[] = [];
  const store = await openStore(url(folder), {
    onError: (error) => {
      if (toRivuletError(error).code === "internal") defects.push(error);
    },
  });
  return {
    store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
      if (defects.length > 0) throw defects[0];
    },
  };
}

describe.each(Object.entries(DRIVERS))("the %s driver keeps the contract:", (_driver, url) => {
  let shared: TestStore;
  beforeAll(async () => {
    shared = await openTestStore(url);
  });
  afterAll(() => shared.close());

  test.concurrent.for(storeContract)("$name", async ({ fresh, run }) => {
    if (!fresh) return run(shared.store);
    const own = await openTestStore(url);
    await run(own.store).finally(own.close);
  });
});
