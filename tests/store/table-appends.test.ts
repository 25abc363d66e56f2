import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";
import { linesOf, startChild } from "./child.ts";
import { aFolder } from "./folder.ts";
import { startS3 } from "./s3-server.ts";

const server = await startS3();
afterAll(server.close);

const PROCESSES = 8;
const ROWS = 4;

/** Rows of a table to which as many processes append at once. */
async function appended(store: string): Promise<readonly string[]> {
  const folder = await aFolder();
  const rivulet = createRivulet({ store, spool: join(folder, "spool") });
  onTestFinished(() => rivulet.close());
  const run = await rivulet.runs.start();
  const children = Array.from({ length: PROCESSES }, (_, who) =>
    startChild("append", store, join(folder, `spool-${who}`), run.id, String(who), String(ROWS)),
  );
  await Promise.all(children.map(linesOf));
  const { content } = await rivulet.artifacts.get({ runId: run.id, path: "t.json" });
  const { data } = JSON.parse(Buffer.from(content).toString()) as { data: unknown[][] };
  return data.map(String).sort();
}

const ALL = Array.from({ length: PROCESSES * ROWS }, (_, n) => {
  return `${Math.floor(n / ROWS)},${n % ROWS}`;
}).sort();

test("eight processes append to one table, and no row is lost: sqlite", async () => {
  expect(await appended(`sqlite:${join(await aFolder(), "app.db")}`)).toEqual(ALL);
}, 120_000);

test("eight processes append to one table, and no row is lost: postgres, with files in S3", async () => {
  vi.stubEnv("RIVULET_ARTIFACTS", server.place());
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await appended(await aStoreUrl())).toEqual(ALL);
}, 240_000);
