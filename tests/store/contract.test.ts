import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, toRivuletError } from "@rivulet/core";
import { storeContract } from "@rivulet/core/testing";
import { describe, onTestFinished, test } from "vitest";

const DRIVERS: Readonly<Record<string, (folder: string) => string>> = {
  memory: () => "memory:",
  sqlite: (folder) => `sqlite:${join(folder, "contract.db")}`,
  json: (folder) => `json:${join(folder, "contract.json")}`,
};

describe.each(Object.entries(DRIVERS))("the %s driver keeps the contract:", (_driver, url) => {
  test.each(storeContract)("$name", async ({ run }) => {
    const folder = await mkdtemp(join(tmpdir(), "rivulet-contract-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const errors: Error[] = [];
    const store = await openStore(url(folder), { onError: (error) => errors.push(error) });
    onTestFinished(() => store.close());
    await run(store);
    const defects = errors.filter((error) => toRivuletError(error).code === "internal");
    if (defects.length > 0) throw defects[0];
  });
});
