import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openStore, type Store } from "@rivulet/core";
import { hexId } from "@rivulet/core/testing";
import { expect, onTestFinished, test } from "vitest";

const KILLS = 20;
const CHILD = join(import.meta.dirname, "kill-child.ts");

interface Survivors {
  readonly spans: number;
  readonly runs: readonly string[];
}

/** Runs the child until it has told `lines` lines, kills it, and says what it told. */
async function recordAndKill(url: string, round: number, lines: number): Promise<Survivors> {
  const args = ["--conditions=@rivulet/source", CHILD, url, String(round)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let spans = 0;
  let told = 0;
  const runs: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, value = ""] = line.split(" ");
    if (kind === "span") spans = Number(value);
    else runs.push(value);
    told += 1;
    if (told === lines) child.kill("SIGKILL");
  }
  return { spans, runs };
}

async function expectSurvival(
  store: Store,
  round: number,
  { spans, runs }: Survivors,
): Promise<void> {
  const traceId = hexId(round + 1, 32);
  const stored = await store.traces.listSpans(traceId);
  const ids = new Set(stored.map(({ id }) => id));
  const lost = Array.from({ length: spans }, (_, index) => hexId(index + 1, 16)).filter(
    (id) => !ids.has(id),
  );
  expect(lost).toEqual([]);
  const trace = await store.traces.get(traceId);
  expect(trace?.spanCount).toBe(stored.length);
  expect(trace?.usage.totalTokens).toBe(stored.length);
  const found = await Promise.all(runs.map((id) => store.runs.get(id)));
  expect(runs.filter((_, index) => found[index] === undefined)).toEqual([]);
}

test(`a process killed ${KILLS} times while recording loses no acknowledged write and no span of a finished tick, and stores none twice`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-kill-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const url = `sqlite:${join(folder, "app.db")}`;
  const told: Survivors[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    told.push(await recordAndKill(url, round, 20 + 17 * round));
  }
  const store = await openStore(url);
  onTestFinished(() => store.close());
  await store.journal.flush();
  for (const [round, survivors] of told.entries()) await expectSurvival(store, round, survivors);
  expect(told.every(({ spans, runs }) => spans > 0 || runs.length > 0)).toBe(true);
  expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
}, 180_000);
