import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { foldingLongLog } from "@rivulet/store/sqlite";
import { expect, test } from "vitest";
import { aFakeBackend } from "./fake-backend.ts";
import { aFolder } from "./folder.ts";

const BOUND = 64 * 1024 * 1024;

test.each([
  [BOUND, 0],
  [BOUND + 1, 2],
])("a log of %i bytes is folded %i times in 150 batches", async (bytes, times) => {
  const path = join(await aFolder(), "app.db");
  await writeFile(`${path}-wal`, "");
  await truncate(`${path}-wal`, bytes);
  let folded = 0;
  const { backend } = aFakeBackend();
  const tidy = async (): Promise<void> => {
    folded += 1;
  };
  const folding = foldingLongLog({ ...backend, tidy }, path);
  for (let batch = 1; batch <= 150; batch += 1) await folding.take({ records: [], owner: "" });
  expect(folded).toBe(times);
});

test("a store without a log folds none", async () => {
  const { backend } = aFakeBackend();
  const tidy = (): Promise<never> => Promise.reject(new Error("there is nothing to fold"));
  const folding = foldingLongLog({ ...backend, tidy }, join(await aFolder(), "app.db"));
  for (let batch = 1; batch <= 64; batch += 1) await folding.take({ records: [], owner: "" });
});
