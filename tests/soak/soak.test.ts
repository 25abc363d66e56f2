import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { verify } from "./verify.ts";
import { letWrite, type Plan } from "./writers.ts";

/** Lets processes write to a new SQLite file, and looks at what is in it afterwards. */
async function soak(plan: Omit<Plan, "url">): Promise<Awaited<ReturnType<typeof letWrite>>> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-soak-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const url = `sqlite:${join(folder, "soak.db")}`;
  const said = await letWrite({ ...plan, url });
  await using rivulet = createRivulet({ store: url });
  await rivulet.flush();
  expect(await verify(rivulet, said.acknowledged)).toEqual([]);
  return said;
}

test("four processes write to one file with every verb, and each finds what it was told is safe", async () => {
  const said = await soak({ processes: 4, writes: 50 });
  expect(said.errors).toEqual([]);
  expect(new Set(said.acknowledged.map(({ verb }) => verb)).size).toBe(10);
});

test("processes that are killed over all verbs lose nothing that was acknowledged", async () => {
  const said = await soak({ processes: 2, kills: 10 });
  expect(said.kills).toBeGreaterThanOrEqual(10);
  expect(said.acknowledged.length).toBeGreaterThan(0);
});
