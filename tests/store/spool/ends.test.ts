import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import type { EndedOwner } from "@rivulet/store/spool";
import { describe, expect, test } from "vitest";
import { linesOf, startChild } from "../child.ts";
import { startThread } from "../thread.ts";
import { anOwner, aPlace, openedReader } from "./spools.ts";

/** What a process left that ended like this, and what it printed. */
async function leftBy(
  ending: string,
): Promise<{ names: readonly string[]; printed: readonly string[]; ended: EndedOwner[] }> {
  const place = await aPlace();
  const printed = await linesOf(startChild("record-to-spool", place.folder, place.owner, ending));
  const { claim, names, ended } = openedReader({ ...place, owner: anOwner(2) });
  expect((await claim()).refused).toEqual([]);
  return { names: names(), printed, ended };
}

describe("a process that ends", () => {
  test.each([
    ["calls process.exit()", "exit", 3, ["first", "second", "while it exits"]],
    ["has nothing more to do", "exit code", 4, ["first", "second"]],
    ["throws an error that nobody catches", "error", 1, ["first", "second"]],
    ["exits while its journal is closing", "closing", 5, ["first", "second"]],
  ] as const)(
    "because it %s leaves all its records, and with which code it ended",
    async (...[, ending, exitCode, names]) => {
      const left = await leftBy(ending);
      expect(left.names).toEqual(names);
      expect(left.printed).toEqual(names);
      expect(left.ended).toEqual([{ owner: anOwner(1), exitCode }]);
    },
  );

  test("because it was killed leaves all its turns, and no code", async () => {
    const left = await leftBy("kill");
    expect(left.names).toEqual(["first", "second"]);
    expect(left.ended).toEqual([{ owner: anOwner(1) }]);
  });

  test("because it has closed its journal leaves its records, and says nothing of how it ended", async () => {
    const left = await leftBy("close");
    expect(left.names).toEqual(["first", "second"]);
    expect(left.ended).toEqual([{ owner: anOwner(1) }]);
  });

  test("because it was killed in work that never yields loses at most three steps of 100 ms", async () => {
    const place = await aPlace();
    const child = startChild("record-to-spool", place.folder, place.owner, "steps");
    const printed: string[] = [];
    for await (const line of child.lines) {
      printed.push(line);
      if (line === "step 20") child.process.kill("SIGKILL");
    }
    await child.ended;
    const { claim, names } = openedReader({ ...place, owner: anOwner(2) });
    await claim();
    expect(names().length).toBeGreaterThanOrEqual(printed.length - 3);
    expect(names()).toEqual(printed.slice(0, names().length));
  });
});

describe("a thread that ends in a process that lives", () => {
  const start = (...data: readonly string[]): Worker => startThread("record-to-spool", data);

  test("leaves all its records at once, and how it ended", async () => {
    const place = await aPlace();
    await once(start(place.folder, place.owner, "exit"), "exit");
    const { claim, names, ended } = openedReader({ ...place, owner: anOwner(2) });
    await claim();
    expect(names()).toEqual(["first", "second", "while it exits"]);
    expect(ended).toEqual([{ owner: anOwner(1), exitCode: 3 }]);
    expect(existsSync(place.folder)).toBe(false);
  });

  test("is not disturbed while it lives, and leaves its records when it is terminated", async () => {
    const place = await aPlace();
    const thread = start(place.folder, place.owner, "stay");
    const { claim, names, ended } = openedReader({ ...place, owner: anOwner(2) });
    expect(await once(thread, "message")).toEqual(["recorded"]);
    await claim();
    expect({ names: names(), ended }).toEqual({ names: [], ended: [] });
    await thread.terminate();
    await claim();
    expect(names()).toEqual(["first", "second"]);
    expect(ended).toEqual([{ owner: anOwner(1) }]);
  });
});
