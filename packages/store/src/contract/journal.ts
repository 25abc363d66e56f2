import assert from "node:assert/strict";
import type { JsonValue } from "@rivulet/domain";
import type { StoreChange } from "../port/store.ts";
import { anExperiment, aRun, aSpan, BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

/** Rules of {@link Journal}, of changes and of the store as a whole. */
export const journalRules: readonly ContractCase[] = contractGroup("the store", {
  "keeps a span as it was when it was appended": async (store) => {
    const list: JsonValue[] = ["before"];
    store.journal.appendSpan(aSpan({ input: list }));
    list.push("after");
    await store.journal.flush();
    assert.deepEqual((await store.traces.loadSpans(hexId(1)))[0]?.input, ["before"]);
  },
  "keeps what JSON cannot carry as text": async (store) => {
    const endless: { self?: unknown; count: bigint } = { count: 10n };
    endless.self = endless;
    assert.equal(store.journal.appendSpan(aSpan({ input: endless as never })), true);
    await store.journal.flush();
    const [span] = await store.traces.loadSpans(hexId(1));
    assert.deepEqual(span?.input, { count: "10", self: "[circular]" });
    const { dropped, pendingBytes } = store.journal.stats();
    assert.deepEqual([dropped, pendingBytes], [0, 0]);
  },
  "takes metric points by the journal": async (store) => {
    await store.runs.create(aRun());
    const points = [2, 1, 3].map((step) => ({
      key: "m",
      value: step * 10,
      step,
      timestamp: BUILT_AT,
    }));
    assert.equal(store.journal.appendMetrics({ runId: hexId(1), points }), true);
    await store.journal.flush();
    assert.deepEqual((await store.runs.get(hexId(1)))?.metrics, { m: 30 });
  },
  "is not upset by points for a run that is not there": async (store) => {
    const points = [{ key: "m", value: 1, step: 0, timestamp: BUILT_AT }];
    store.journal.appendMetrics({ runId: hexId(77), points });
    store.journal.appendSpan(aSpan());
    await store.journal.flush();
    assert.equal((await store.traces.get(hexId(1)))?.spanCount, 1);
    assert.equal(await store.runs.get(hexId(77)), undefined);
    assert.equal(store.journal.stats().dropped, 1);
  },
  "keeps thousands of spans, each once": async (store) => {
    for (let index = 0; index < 3000; index += 1) {
      store.journal.appendSpan(
        aSpan({ traceId: hexId(1 + (index % 10)), id: hexId(index + 1, 16) }),
      );
    }
    await store.journal.flush();
    for (let trace = 1; trace <= 10; trace += 1) {
      assert.equal((await store.traces.get(hexId(trace)))?.spanCount, 300);
    }
  },
  "tells what changed, until it is asked to stop": async (store) => {
    const seen: StoreChange[] = [];
    let stop = (): void => undefined;
    const told = new Promise<void>((resolve) => {
      stop = store.subscribe((change) => {
        seen.push(change);
        resolve();
      });
    });
    await store.experiments.create(anExperiment());
    await told;
    stop();
    await store.experiments.create(anExperiment({ id: "2", name: "second" }));
    await store.journal.flush();
    assert.deepEqual(seen, [{ entity: "experiment", ids: ["1"] }]);
  },
  "finds itself sound, and closes twice": async (store) => {
    await store.experiments.create(anExperiment());
    assert.deepEqual(await store.checkIntegrity(), { ok: true, problems: [] });
    await store.close();
    await store.close();
  },
});
