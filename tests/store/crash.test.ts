import { join } from "node:path";
import type { Store } from "@rivulet/core";
import { hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";

const ROUNDS = 20;

/** Lets a process record until it has said so many lines, and kills it. Returns what it said. */
async function recordAndKill(url: string, round: number): Promise<readonly string[]> {
  const child = startChild("record", url, String(round));
  const said: string[] = [];
  for await (const line of child.lines) {
    said.push(line);
    if (said.length === 60 + round * 7) child.process.kill("SIGKILL");
  }
  await child.ended;
  return said;
}

/** What the process said was safe and is not in the store. */
async function missing(store: Store, round: number, said: readonly string[]): Promise<string[]> {
  const spans = await store.traces.listSpans(hexId(round + 1));
  const known = new Set(spans.map(({ id }) => `span ${id}`));
  const lost: string[] = [];
  for (const line of said) {
    const [kind, id = ""] = line.split(" ");
    const isThere = kind === "span" ? known.has(line) : (await store.runs.get(id)) !== undefined;
    if (!isThere) lost.push(line);
  }
  return lost;
}

test("twenty processes that are killed while they record lose nothing, and nothing is counted twice", {
  timeout: 300_000,
}, async () => {
  const url = `sqlite:${join(await aFolder(), "crash.db")}`;
  const rounds: (readonly string[])[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await recordAndKill(url, round));

  const { store, errors } = await opened(url);
  await store.journal.flush();

  for (const [round, said] of rounds.entries()) {
    expect(await missing(store, round, said)).toEqual([]);
    const trace = await store.traces.get(hexId(round + 1));
    const spans = await store.traces.listSpans(hexId(round + 1));
    expect(trace?.spanCount).toBe(spans.length);
    // The first span is above the others, and only repeats what they have used.
    expect(trace?.usage).toEqual({ totalTokens: spans.length - 1 });
  }
  expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
  expect(errors).toEqual([]);
});
