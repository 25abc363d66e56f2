import assert from "node:assert/strict";
import type { Span } from "@rivulet/domain";
import type { StoreChange } from "../port/store.ts";
import { anExperiment, aRun, aSpan, BUILT_AT } from "./builders.ts";
import { type ContractCase, freshStoreGroup } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

/**
 * Rules about a store as a whole: what a new one holds, what is said of all its content, its counters, its
 * changes and its closing. Each is tried on a store of its own.
 */
export const wholeStoreRules: readonly ContractCase[] = [
  ...freshStoreGroup("experiments", {
    "the default one is there": async (store) => {
      const found = await store.experiments.get("0");
      assert.equal(found?.name, "Default");
      assert.equal(found?.lifecycleStage, "active");
    },
  }),
  ...freshStoreGroup("runs", {
    "name the keys in use, sorted, by experiment": async (store) => {
      await store.experiments.create(anExperiment());
      await store.runs.create(aRun({ params: { b: "1", a: "1" }, tags: { t: "1" } }));
      await store.runs.create(aRun({ id: hexId(2), experimentId: "1", params: { c: "1" } }));
      const metrics = [{ key: "m", value: 1, step: 0, timestamp: BUILT_AT }];
      await store.runs.logBatch({ runId: hexId(2), metrics });
      assert.deepEqual(await store.runs.keys({ experimentIds: ["0"] }), {
        metrics: [],
        params: ["a", "b"],
        tags: ["t"],
      });
      assert.deepEqual(await store.runs.keys({ experimentIds: [] }), {
        metrics: ["m"],
        params: ["a", "b", "c"],
        tags: ["t"],
      });
    },
  }),
  ...freshStoreGroup("traces", {
    "in progress are left alone while their engine lives, however old they are": async (store) => {
      const open = (span: Span): Span => {
        const { endTime: _end, ...rest } = span;
        return { ...rest, status: "in_progress" };
      };
      store.journal.appendSpan(open(aSpan()));
      await store.journal.flush();
      assert.deepEqual(await store.traces.closeAbandoned({ before: BUILT_AT + 500 }), []);
      assert.equal((await store.traces.get(hexId(1)))?.status, "in_progress");
    },
  }),
  ...freshStoreGroup("the store", {
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
    "is not upset by points for a run that is not there": async (store) => {
      const points = [{ key: "m", value: 1, step: 0, timestamp: BUILT_AT }];
      store.journal.appendMetrics({ runId: hexId(77), points });
      store.journal.appendSpan(aSpan());
      await store.journal.flush();
      assert.equal((await store.traces.get(hexId(1)))?.spanCount, 1);
      assert.equal(await store.runs.get(hexId(77)), undefined);
      assert.equal(store.journal.stats().dropped, 1);
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
  }),
];
