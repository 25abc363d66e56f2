import assert from "node:assert/strict";
import type { JsonValue } from "@rivulet/domain";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

/** Rules of {@link Journal}. */
export const journalRules: readonly ContractCase[] = contractGroup("the store", {
  "keeps a span as it was when it was appended": async (store, room) => {
    const list: JsonValue[] = ["before"];
    store.journal.appendSpan(room.aSpan({ input: list }));
    list.push("after");
    await store.journal.flush();
    assert.deepEqual((await store.traces.loadSpans(room.id(1)))[0]?.input, ["before"]);
  },
  "takes metric points by the journal": async (store, room) => {
    await store.runs.create(room.aRun());
    const points = [2, 1, 3].map((step) => ({
      key: "m",
      value: step * 10,
      step,
      timestamp: BUILT_AT,
    }));
    assert.equal(store.journal.appendMetrics({ runId: room.id(1), points }), true);
    await store.journal.flush();
    assert.deepEqual((await store.runs.get(room.id(1)))?.metrics, { m: 30 });
  },
  "keeps thousands of spans, each once": async (store, room) => {
    for (let index = 0; index < 3000; index += 1) {
      store.journal.appendSpan(
        room.aSpan({ traceId: room.id(1 + (index % 10)), id: hexId(index + 1, 16) }),
      );
    }
    await store.journal.flush();
    for (let trace = 1; trace <= 10; trace += 1) {
      assert.equal((await store.traces.get(room.id(trace)))?.spanCount, 300);
    }
  },
});
