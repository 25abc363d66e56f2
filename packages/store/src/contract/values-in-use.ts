import assert from "node:assert/strict";
import { type FilterField, parseListedField } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/** Three traces of ann and one of bob, each with a model and a tool; tags, a prompt, feedback and an expectation. */
async function recordTraces(store: Store, room: Room): Promise<void> {
  for (const [index, userId] of ["ann", "bob", "Ann%", "ann"].entries()) {
    const traceId = room.id(index + 1);
    const trace = { userId, tags: { team: index < 3 ? "a" : "b" } };
    const startTime = BUILT_AT + index;
    const under = { traceId, startTime, parentId: hexId(1, 16) };
    const prompts = [{ name: room.name("greet"), version: 1 + (index % 2) }];
    store.journal.appendSpan({ ...room.aSpan({ traceId, startTime, name: "ask" }), trace });
    for (const [at, name] of ["first", "second"].entries()) {
      const id = hexId(2 + at, 16);
      const model = index === 0 ? "m-1" : "m-2";
      store.journal.appendSpan(room.aSpan({ ...under, id, name, type: "llm", model, prompts }));
    }
    const id = hexId(4, 16);
    store.journal.appendSpan(room.aSpan({ ...under, id, type: "tool", name: `tool ${index % 2}` }));
  }
  await store.journal.flush();
  const said = { source: "human", metadata: {}, createdAt: BUILT_AT, traceId: room.id(1) } as const;
  await store.assessments.add([
    { ...said, id: room.id(91), kind: "feedback", name: "right", value: "yes" },
    { ...said, id: room.id(92), kind: "expectation", name: "sum", value: 4 },
  ]);
}

interface Asked {
  readonly contains?: string;
  readonly limit?: number;
}

function lister(store: Store, room: Room) {
  return async (path: string, { contains = "", limit = 10 }: Asked = {}) => {
    const values = await store.traces.values({
      field: parseListedField("trace", path),
      contains,
      limit,
      where: [],
      experimentIds: [room.experimentId],
    });
    return values.map(({ value, count }) => [value, count]);
  };
}

/** Rules of `keys` and `values` of traces and runs. */
export const valuesInUseRules: readonly ContractCase[] = contractGroup("what is in use", {
  "of traces is listed by its names": async (store, room) => {
    await recordTraces(store, room);
    assert.deepEqual(await store.traces.keys({ experimentIds: [room.experimentId] }), {
      tags: ["team"],
      feedback: ["right"],
      expectations: ["sum"],
      models: ["m-1", "m-2"],
      tools: ["tool 0", "tool 1"],
    });
    const all = await store.traces.keys({ experimentIds: [] });
    assert.ok(all.models.includes("m-2") && all.tools.includes("tool 1"));
    assert.deepEqual(await store.traces.keys({ experimentIds: [room.otherExperimentId(77)] }), {
      tags: [],
      feedback: [],
      expectations: [],
      models: [],
      tools: [],
    });
  },
  "of traces is listed by the values of a field, the most frequent first, each trace once": async (
    store,
    room,
  ) => {
    await recordTraces(store, room);
    const list = lister(store, room);
    assert.deepEqual(await list("name"), [["ask", 4]]);
    assert.deepEqual(await list("status"), [["ok", 4]]);
    assert.deepEqual(await list("userId"), [
      ["ann", 2],
      ["Ann%", 1],
      ["bob", 1],
    ]);
    assert.deepEqual(await list("sessionId"), []);
    assert.deepEqual(await list("tags.team"), [
      ["a", 3],
      ["b", 1],
    ]);
    assert.deepEqual(await list("span.model"), [
      ["m-2", 3],
      ["m-1", 1],
    ]);
    assert.deepEqual(await list("span.tool"), [
      ["tool 0", 2],
      ["tool 1", 2],
    ]);
    const greet = room.name("greet");
    assert.deepEqual(await list("prompt"), [
      [`${greet}/1`, 2],
      [`${greet}/2`, 2],
    ]);
    assert.deepEqual(await list("feedback.right"), [["yes", 1]]);
    assert.deepEqual(await list("expectation.sum"), [["4", 1]]);
    assert.deepEqual(await list("span.attributes.none"), []);
    assert.deepEqual(await list("metadata.none"), []);
    assert.deepEqual(await list("error"), []);
  },
  "is found by a text in it, in any case and without wildcards": async (store, room) => {
    await recordTraces(store, room);
    const list = lister(store, room);
    assert.deepEqual(await list("userId", { contains: "NN" }), [
      ["ann", 2],
      ["Ann%", 1],
    ]);
    assert.deepEqual(await list("userId", { contains: "%" }), [["Ann%", 1]]);
    assert.deepEqual(await list("userId", { contains: "_" }), []);
    assert.deepEqual(await list("userId", { limit: 1 }), [["ann", 2]]);
  },
  "of runs is listed by the values of a field": async (store, room) => {
    for (const [index, depth] of ["3", "4", "3"].entries()) {
      const tags = { team: "a" };
      await store.runs.create(room.aRun({ id: room.id(index + 1), params: { depth }, tags }));
    }
    await store.runs.update({ id: room.id(2), lifecycleStage: "deleted" });
    const list = async (field: FilterField, lifecycle: "active" | "all" = "active") => {
      const query = { where: [], experimentIds: [room.experimentId], limit: 10, lifecycle };
      const values = await store.runs.values({ ...query, field });
      return values.map(({ value, count }) => [value, count]);
    };
    const depth = parseListedField("run", "params.depth");
    assert.deepEqual(await list(depth), [["3", 2]]);
    assert.deepEqual(await list(depth, "all"), [
      ["3", 2],
      ["4", 1],
    ]);
    assert.deepEqual(await list(parseListedField("run", "tags.team")), [["a", 2]]);
  },
  "of runs is grouped by it, with what the metrics have come to": async (store, room) => {
    for (const [index, depth] of ["3", "4", "3", "4", "4"].entries()) {
      const metrics = { loss: index, gain: Number.NaN };
      await store.runs.create(room.aRun({ id: room.id(index + 1), params: { depth }, metrics }));
    }
    await store.runs.create(room.aRun({ id: room.id(6) }));
    const query = { where: [], experimentIds: [room.experimentId], lifecycle: "active" } as const;
    const field = parseListedField("run", "params.depth");
    const metrics = ["loss", "gain", "none"];
    assert.deepEqual(await store.runs.groups({ ...query, field, metrics, limit: 10 }), [
      { value: "4", count: 3, metrics: { loss: { count: 3, mean: 8 / 3, min: 1, max: 4 } } },
      { value: "3", count: 2, metrics: { loss: { count: 2, mean: 1, min: 0, max: 2 } } },
    ]);
    assert.deepEqual(await store.runs.groups({ ...query, field, metrics: [], limit: 1 }), [
      { value: "4", count: 3, metrics: {} },
    ]);
    // Groups of one size come in the order of their values.
    await store.runs.create(room.aRun({ id: room.id(7), params: { depth: "3" } }));
    const two = await store.runs.groups({ ...query, field, metrics: [], limit: 2 });
    assert.deepEqual(
      two.map(({ value, count }) => [value, count]),
      [
        ["3", 3],
        ["4", 3],
      ],
    );
  },
});
