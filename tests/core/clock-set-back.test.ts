import { describe, expect, test } from "vitest";
import { aClient, START, STORES } from "./client.ts";

describe.each(STORES)("a clock that was put back by an hour while a run was on, on %s", (kind) => {
  test.each([
    ["its handle", true],
    ["its id", false],
  ])("ends it no sooner than it began, by %s", async (_, byHandle) => {
    let now = START;
    const { rivulet } = await aClient(kind, { clock: () => now });
    const run = await rivulet.runs.start();
    now -= 3_600_000;
    const ended = byHandle
      ? await run.finish()
      : await rivulet.runs.update(run.id, { status: "failed" });
    expect(ended).toMatchObject({ startTime: START, endTime: START });
    expect(await rivulet.runs.count({ filter: "duration < 0" })).toBe(0);
    expect(await rivulet.runs.count({ filter: "duration = 0" })).toBe(1);
  });
});

test("a run that is not there cannot be ended", async () => {
  const { rivulet } = await aClient("memory");
  await expect(rivulet.runs.update("none", { status: "finished" })).rejects.toMatchObject({
    code: "not_found",
    details: { id: "none" },
  });
});
