import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { storeContract } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { linesOf, startChildOn } from "./child.ts";
import { aFolder } from "./folder.ts";

/** The oldest Node that is supported; its SQLite has the WAL-reset bug. */
const OLDEST = join(
  dirname(createRequire(import.meta.url).resolve("node22/package.json")),
  "bin/node",
);

test.each(["sqlite", "memory"])(
  "the %s driver keeps the contract on the oldest Node",
  async (driver) => {
    const child = startChildOn(OLDEST, "contract", driver, await aFolder());
    expect(await linesOf(child)).toEqual([`${storeContract.length} rules on Node v22.18.0`]);
  },
);
