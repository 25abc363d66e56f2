import assert from "node:assert/strict";
import type { FilterField, FilterOperator } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  attribute,
  by,
  type ContractCase,
  contractGroup,
  type RoomRule,
  where,
} from "./contract-case.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/** a: fine, with a prompt; b: failed, with a session; c: long, costly, disliked. */
async function threeTraces(store: Store, room: Room): Promise<void> {
  const { journal } = store;
  journal.appendSpan({
    ...room.aSpan({
      name: "a",
      input: "Where is the otter?",
      prompts: [{ name: "greet", version: 2 }],
      attributes: { region: "eu", shard: 7 },
    }),
    trace: { tags: { env: "prod" }, metadata: { release: "1.2", build: 7 } },
  });
  journal.appendSpan({
    ...room.aSpan({
      traceId: room.id(2),
      name: "b",
      status: "error",
      statusMessage: "Rate limit of 30 reached",
      startTime: BUILT_AT + 1,
      prompts: [{ name: "refuse", version: 1 }],
    }),
    trace: { sessionId: "s1", userId: "ann", runId: "run-7" },
  });
  journal.appendSpan(
    room.aSpan({
      traceId: room.id(3),
      name: "c",
      startTime: BUILT_AT + 2,
      endTime: BUILT_AT + 9002,
    }),
  );
  journal.appendSpan(
    room.aSpan({
      traceId: room.id(3),
      id: hexId(2, 16),
      parentId: hexId(1, 16),
      name: "lookup",
      type: "tool",
      cost: 0.5,
      endTime: BUILT_AT + 250.5,
      provider: "ponds",
      usage: { inputTokens: 40, outputTokens: 2 },
      output: { text: "A beaver." },
    }),
  );
  await journal.flush();
  await store.assessments.add([
    room.anAssessment({ id: room.id(1), value: true }),
    room.anAssessment({ id: room.id(2), traceId: room.id(3), value: false }),
    room.anAssessment({ id: room.id(3), traceId: room.id(3), name: "stars", value: 2 }),
    room.anAssessment({
      id: room.id(4),
      traceId: room.id(2),
      kind: "expectation",
      name: "expected",
      value: "x",
    }),
  ]);
}

type Row = readonly [FilterField, FilterOperator, Parameters<typeof where>[2], string];

const CLAUSES: readonly Row[] = [
  [attribute("name"), "LIKE", "c%", "c"],
  [attribute("status"), "=", "error", "b"],
  [attribute("status"), "IN", ["error", "ok"], "abc"],
  [attribute("sessionId"), "=", "s1", "b"],
  [attribute("userId"), "IS NOT NULL", undefined, "b"],
  [attribute("runId"), "=", "run-7", "b"],
  [attribute("startTime"), ">=", BUILT_AT + 1, "bc"],
  [attribute("durationMs"), ">", 5000, "c"],
  [attribute("cost"), ">", 0.1, "c"],
  [attribute("spanCount"), ">", 1, "c"],
  [attribute("errorCount"), "=", 1, "b"],
  [attribute("prompt"), "=", "greet/2", "a"],
  [attribute("prompt"), "=", "greet", "a"],
  [attribute("prompt"), "=", "greet/1", ""],
  [attribute("inputTokens"), ">=", 40, "c"],
  [attribute("outputTokens"), "<", 3, "c"],
  [attribute("error"), "LIKE", "%limit of%", "b"],
  [attribute("error"), "=", "Rate limit of 30 reached", "b"],
  [attribute("error"), "NOT ILIKE", "%RATE%", "ac"],
  [attribute("error"), "!=", "none", "abc"],
  [attribute("experiment"), "LIKE", "room%.home", "abc"],
  [attribute("experiment"), "NOT LIKE", "room%.home", ""],
  [attribute("experiment"), "=", "none", ""],
  [attribute("experiment"), "!=", "none", "abc"],
  [attribute("text"), "ILIKE", "%OTTER%", "a"],
  [attribute("text"), "LIKE", "%beaver%", "c"],
  [attribute("text"), "LIKE", "%Beaver%", ""],
  [attribute("text"), "MATCH", "otter", "a"],
  [attribute("text"), "MATCH", "OTT*", "a"],
  [attribute("text"), "MATCH", "ott", ""],
  [attribute("text"), "MATCH", "lookup beaver", "c"],
  [attribute("text"), "MATCH", "otter beaver", ""],
  [{ kind: "tag", key: "env" }, "=", "prod", "a"],
  [{ kind: "tag", key: "env" }, "RLIKE", "^pr.d$", "a"],
  [{ kind: "span", key: "name" }, "RLIKE", "^look", "c"],
  [{ kind: "span", key: "attributes.region" }, "RLIKE", "^e", "a"],
  [{ kind: "tag", key: "env" }, "IS NULL", undefined, "bc"],
  [{ kind: "metadata", key: "release" }, "=", "1.2", "a"],
  [{ kind: "metadata", key: "build" }, "=", 7, "a"],
  [{ kind: "feedback", key: "user_feedback" }, "=", "true", "a"],
  [{ kind: "feedback", key: "user_feedback" }, "=", "false", "c"],
  [{ kind: "feedback", key: "stars" }, "<", 3, "c"],
  [{ kind: "feedback", key: "stars" }, "IS NULL", undefined, "ab"],
  [{ kind: "expectation", key: "expected" }, "=", "x", "b"],
  [{ kind: "span", key: "name" }, "=", "lookup", "c"],
  [{ kind: "span", key: "type" }, "IN", ["tool", "llm"], "c"],
  [{ kind: "span", key: "status" }, "=", "error", "b"],
  [{ kind: "span", key: "statusMessage" }, "ILIKE", "%RATE%", "b"],
  [{ kind: "span", key: "statusMessage" }, "RLIKE", "of [0-9]+ reached", "b"],
  [{ kind: "span", key: "provider" }, "=", "ponds", "c"],
  [{ kind: "span", key: "tool" }, "=", "lookup", "c"],
  [{ kind: "span", key: "tool" }, "=", "a", ""],
  [{ kind: "span", key: "tool" }, "IS NULL", undefined, "ab"],
  [{ kind: "span", key: "tool" }, "RLIKE", "^look", "c"],
  [{ kind: "span", key: "failed.name" }, "=", "b", "b"],
  [{ kind: "span", key: "failed.name" }, "IN", ["a", "c", "lookup"], ""],
  [{ kind: "span", key: "failed.name" }, "IS NULL", undefined, "ac"],
  [{ kind: "span", key: "failed.name" }, "RLIKE", "^b", "b"],
  [{ kind: "span", key: "failed.tool" }, "=", "lookup", ""],
  [{ kind: "span", key: "prompt" }, "=", "greet/2", "a"],
  [{ kind: "span", key: "prompt" }, "LIKE", "%/%", "ab"],
  [{ kind: "span", key: "failed.prompt" }, "=", "refuse/1", "b"],
  [{ kind: "span", key: "failed.prompt" }, "=", "greet/2", ""],
  [{ kind: "span", key: "durationMs" }, "BETWEEN", [250.4, 250.6], "c"],
  [{ kind: "span", key: "cost" }, ">", 0.4, "c"],
  [{ kind: "span", key: "content" }, "LIKE", "%beaver%", "c"],
  [{ kind: "span", key: "attributes.region" }, "=", "eu", "a"],
  [{ kind: "span", key: "attributes.shard" }, "=", 7, "a"],
];

/** Rules of {@link TraceStore.search}. */
export const traceSearchRules: readonly ContractCase[] = contractGroup("the search of traces", {
  ...Object.fromEntries(
    CLAUSES.map(([field, operator, value, expected]): [string, RoomRule] => [
      `${field.kind} ${field.key} ${operator} ${JSON.stringify(value) ?? ""}`,
      async (store, room) => {
        await threeTraces(store, room);
        const query = { ...where(field, operator, value), order: by(attribute("name")) };
        const experimentIds = [room.experimentId];
        const page = await store.traces.search({ ...query, experimentIds });
        assert.equal(page.items.map(({ name }) => name).join(""), expected);
      },
    ]),
  ),
  "sorts by the best of several opinions, or by the worst": async (store, room) => {
    await threeTraces(store, room);
    const opinions = [
      [1, 3],
      [2, 1],
      [2, 5],
      [3, 4],
    ] as const;
    await store.assessments.add(
      opinions.map(([trace, value], index) =>
        room.anAssessment({
          id: room.id(10 + index),
          traceId: room.id(trace),
          name: "grade",
          value,
        }),
      ),
    );
    const sorted = async (descending: boolean): Promise<string> => {
      const order = [{ field: { kind: "feedback", key: "grade" }, descending }] as const;
      const query = { where: [], order, limit: 10, experimentIds: [room.experimentId] };
      const page = await store.traces.search(query);
      return page.items.map(({ name }) => name).join("");
    };
    assert.deepEqual([await sorted(true), await sorted(false)], ["bca", "bac"]);
  },
  "finds an experiment by its name": async (store, room) => {
    await threeTraces(store, room);
    const query = { ...where(attribute("experiment"), "=", room.name("home")), experimentIds: [] };
    const page = await store.traces.search({ ...query, order: by(attribute("name")) });
    assert.equal(page.items.map(({ name }) => name).join(""), "abc");
    assert.equal(await store.traces.count(query), 3);
  },
  "finds an id in all experiments": async (store, room) => {
    await threeTraces(store, room);
    const query = { ...where(attribute("id"), "=", room.id(2)), experimentIds: [] };
    const page = await store.traces.search(query);
    assert.deepEqual(
      page.items.map(({ name }) => name),
      ["b"],
    );
  },
});
