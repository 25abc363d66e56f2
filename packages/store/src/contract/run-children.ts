import assert from "node:assert/strict";
import type { RunStatus } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup } from "./contract-case.ts";
import type { Room } from "./room.ts";

interface Child {
  readonly status?: RunStatus;
  readonly loss?: number;
}

/** Run 1 with children 2, 3, …, each of which started a millisecond after the one before. */
async function family(store: Store, room: Room, children: readonly Child[]): Promise<void> {
  await store.runs.create(room.aRun());
  for (const [index, { status = "finished", loss }] of children.entries()) {
    await store.runs.create(
      room.aRun({
        id: room.id(index + 2),
        name: `child ${index + 2}`,
        parentRunId: room.id(1),
        status,
        startTime: BUILT_AT + index,
        metrics: loss === undefined ? {} : { loss },
      }),
    );
  }
}

/** Rules of `runs.childSummaries`. */
export const runChildrenRules: readonly ContractCase[] = contractGroup("children of runs", {
  "are counted by status, and ranked without those that failed or diverged": async (
    store,
    room,
  ) => {
    await family(store, room, [
      { loss: 0.5 },
      { loss: 0.25 },
      { loss: 0.25 },
      { loss: 4, status: "running" },
      { loss: Number.NaN },
      { loss: Number.POSITIVE_INFINITY },
      { loss: 0, status: "failed" },
      { loss: Number.NaN, status: "killed" },
      {},
    ]);
    const [summary, ...others] = await store.runs.childSummaries({
      runIds: [room.id(1), room.id(2), room.id(77)],
      metrics: ["loss", "none"],
    });
    assert.deepEqual(others, []);
    assert.deepEqual(summary, {
      runId: room.id(1),
      count: 9,
      statuses: { finished: 6, running: 1, failed: 1, killed: 1 },
      metrics: [
        {
          key: "loss",
          count: 4,
          failed: 2,
          diverged: 2,
          mean: 1.25,
          median: 0.375,
          least: { runId: room.id(3), name: "child 3", value: 0.25 },
          greatest: { runId: room.id(5), name: "child 5", value: 4 },
        },
      ],
    });
  },
  "are ranked among equal ones by when they started, then by id": async (store, room) => {
    await family(store, room, [{ loss: 2 }, { loss: 1 }, { loss: 1 }, { loss: 2 }, { loss: 2 }]);
    // Begun before all others of its value, but made after them.
    const late = { name: "late", parentRunId: room.id(1), startTime: BUILT_AT - 1 };
    await store.runs.create(room.aRun({ ...late, id: room.id(9), metrics: { loss: 2 } }));
    const twin = { ...late, name: "twin", id: room.id(8), metrics: { loss: 2 } };
    await store.runs.create(room.aRun(twin));
    const [summary] = await store.runs.childSummaries({
      runIds: [room.id(1)],
      metrics: ["loss"],
    });
    const [{ least, greatest, median } = {}] = summary?.metrics ?? [];
    assert.deepEqual([least?.name, greatest?.name, median], ["child 3", "twin", 2]);
  },
  "have neither mean nor best where none counts, and without deleted ones": async (store, room) => {
    await family(store, room, [{ loss: Number.NaN }, { loss: 1, status: "failed" }, { loss: 2 }]);
    await store.runs.update({ id: room.id(4), lifecycleStage: "deleted" });
    const query = { runIds: [room.id(1)], metrics: ["loss"] };
    assert.deepEqual(await store.runs.childSummaries(query), [
      {
        runId: room.id(1),
        count: 2,
        statuses: { finished: 1, failed: 1 },
        metrics: [{ key: "loss", count: 0, failed: 1, diverged: 1 }],
      },
    ]);
    assert.deepEqual(await store.runs.childSummaries({ runIds: [], metrics: ["loss"] }), []);
  },
});
