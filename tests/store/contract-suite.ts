import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenStoreOptions, openStore, type Store, toRivuletError } from "@rivulet/core";
import { storeContract } from "@rivulet/core/testing";
import { afterAll, beforeAll, describe, test } from "vitest";

/** URL of a store that is not there yet; `folder` is empty, and gone afterwards. */
export type NewStoreUrl = (folder: string) => string | Promise<string>;

/** A store in a folder of its own. */
interface TestStore {
  readonly store: Store;
  /** Closes it, removes the folder, and throws when something failed in the background. */
  close(): Promise<void>;
}

/** What a contract is tried with. */
export interface ContractOptions {
  /** Options of the stores. */
  readonly options?: () => OpenStoreOptions;
  /** Names of the rules that are tried. @default all */
  readonly rules?: RegExp;
}

/** Tries every rule of the contract on a driver. */
export function describeContract(
  driver: string,
  newUrl: NewStoreUrl,
  { options = () => ({}), rules = /(?:)/ }: ContractOptions = {},
): void {
  describe(`the ${driver} driver keeps the contract:`, () => {
    let shared: TestStore;
    beforeAll(async () => {
      shared = await openTestStore(newUrl, options());
    });
    afterAll(() => shared.close());

    test.concurrent.for(storeContract.filter(({ name }) => rules.test(name)))(
      "$name",
      async ({ fresh, run }) => {
        if (!fresh) return run(shared.store);
        const own = await openTestStore(newUrl, options());
        await run(own.store).finally(own.close);
      },
    );
  });
}

async function openTestStore(newUrl: NewStoreUrl, options: OpenStoreOptions): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-contract-"));
  const defects: Error[] = [];
  const store = await openStore(await newUrl(folder), {
    ...options,
    spool: join(folder, "spool"),
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
