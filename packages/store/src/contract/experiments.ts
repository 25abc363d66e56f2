import assert from "node:assert/strict";
import type { Experiment, LifecycleFilter, MetricDeclarations } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  attribute,
  by,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import { entityRules } from "./entity-rules.ts";
import { hexId } from "./hex-id.ts";
import type { Room } from "./room.ts";

/** The experiments of a room, by name. */
async function names(store: Store, room: Room, lifecycle: LifecycleFilter): Promise<string[]> {
  const query = room.only({ ...EVERYTHING, order: by(attribute("name")), lifecycle });
  return (await store.experiments.search(query)).items.map(({ name }) => name);
}

const ownRules = contractGroup("experiments", {
  "come out as they went in": async (store, room) => {
    const tags = Object.fromEntries([
      ["a.b/c d", "x"],
      ["__proto__", "y"],
      ["empty", ""],
      ["emoji", "🦦 '\"%_"],
    ]);
    const experiment = room.anExperiment({ tags, name: room.name("a '\"` ; -- name") });
    await store.experiments.create(experiment);
    assert.deepEqual(await store.experiments.get(experiment.id), experiment);
    assert.deepEqual(await store.experiments.findByName(experiment.name), experiment);
    assert.equal(await store.experiments.findByName(room.name("A '\"` ; -- NAME")), undefined);
    assert.equal(await store.experiments.get(room.otherExperimentId(2)), undefined);
  },
  "are not changed by who does not know the latest change, if that is asked for": async (
    store,
    room,
  ) => {
    const experiment = room.anExperiment();
    await store.experiments.create(experiment);
    const patch = { id: experiment.id, tags: { a: "1" }, updatedAt: experiment.updatedAt + 0.125 };
    await store.experiments.update({ ...patch, expected: experiment.updatedAt });
    await refuses("conflict", () =>
      store.experiments.update({ ...patch, tags: { a: "2" }, expected: experiment.updatedAt }),
    );
    await refuses("conflict", () =>
      store.experiments.update({ ...patch, tags: { a: "2" }, expected: patch.updatedAt + 1 }),
    );
    assert.equal((await store.experiments.get(experiment.id))?.tags["a"], "1");
    await store.experiments.update({ ...patch, expected: patch.updatedAt });
  },
  "have names of their own, deleted ones too": async (store, room) => {
    await store.experiments.create(room.anExperiment());
    await refuses("already_exists", () =>
      store.experiments.create(room.anExperiment({ id: room.otherExperimentId(2) })),
    );
    await store.experiments.update({
      id: room.otherExperimentId(1),
      lifecycleStage: "deleted",
      updatedAt: BUILT_AT,
    });
    await refuses("already_exists", () =>
      store.experiments.create(room.anExperiment({ id: room.otherExperimentId(2) })),
    );
    await store.experiments.create(
      room.anExperiment({ id: room.otherExperimentId(3), name: room.name("other") }),
    );
    await refuses("already_exists", () =>
      store.experiments.update({
        id: room.otherExperimentId(3),
        name: room.name("iris"),
        updatedAt: BUILT_AT,
      }),
    );
    assert.equal(
      (await store.experiments.get(room.otherExperimentId(3)))?.name,
      room.name("other"),
    );
  },
  "change only what the patch names": async (store, room) => {
    await store.experiments.create(room.anExperiment({ tags: { a: "1", b: "2", c: "3" } }));
    const updated = await store.experiments.update({
      id: room.otherExperimentId(1),
      name: room.name("new"),
      tags: { a: "9", d: "4" },
      removeTags: ["b", "absent"],
      updatedAt: BUILT_AT + 1,
    });
    const expected = room.anExperiment({
      name: room.name("new"),
      tags: { a: "9", c: "3", d: "4" },
      updatedAt: BUILT_AT + 1,
    });
    assert.deepEqual(updated, expected);
    assert.deepEqual(await store.experiments.get(room.otherExperimentId(1)), expected);
    await refuses("not_found", () =>
      store.experiments.update({ id: room.otherExperimentId(9), updatedAt: BUILT_AT }),
    );
  },
  "say which way metrics are better, until they say otherwise": async (store, room) => {
    const [id, updatedAt] = [room.otherExperimentId(1), BUILT_AT + 1];
    const higher = { better: "higher" } as const;
    const lower = { better: "lower" } as const;
    const metrics = { "val/loss": lower, acc: higher };
    const experiment = room.anExperiment({ metrics });
    await store.experiments.create(experiment);
    assert.deepEqual(await store.experiments.get(id), experiment);
    const updated = await store.experiments.update({
      id,
      metrics: { acc: lower, "a b": higher },
      removeMetrics: ["val/loss", "absent"],
      updatedAt,
    });
    assert.deepEqual(updated.metrics, { "a b": higher, acc: lower });
    await store.experiments.declareMetrics({ id, metrics: { acc: higher, f1: higher }, updatedAt });
    const declared = { "a b": higher, acc: lower, f1: higher };
    assert.deepEqual((await store.experiments.get(id))?.metrics, declared);
    const named = await store.experiments.update({ id, name: room.name("named"), updatedAt });
    assert.deepEqual(named.metrics, declared);
  },
  "declare a thousand metrics at most": async (store, room) => {
    const [id, updatedAt] = [room.otherExperimentId(1), BUILT_AT + 1];
    const some = (count: number): MetricDeclarations =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`m${index}`, { better: "higher" }]),
      );
    await store.experiments.create(room.anExperiment({ metrics: some(999) }));
    await store.experiments.declareMetrics({ id, metrics: some(1_000), updatedAt });
    const metrics = some(1_001);
    await refuses("limit_exceeded", () => store.experiments.update({ id, metrics, updatedAt }));
    await refuses("limit_exceeded", () =>
      store.experiments.declareMetrics({ id, metrics, updatedAt }),
    );
    await refuses("not_found", () =>
      store.experiments.declareMetrics({ id: room.otherExperimentId(9), metrics, updatedAt }),
    );
  },
  "go with their active runs, come back with those, and take no writes meanwhile": async (
    store,
    room,
  ) => {
    const id = room.experimentId;
    await store.runs.create(room.aRun({ id: room.id(1) }));
    await store.runs.create(room.aRun({ id: room.id(2) }));
    await store.runs.update({ id: room.id(1), lifecycleStage: "deleted", deletedAt: BUILT_AT + 1 });
    const deletion = { id, lifecycleStage: "deleted", updatedAt: BUILT_AT + 2 } as const;
    assert.equal((await store.experiments.update(deletion)).deletedAt, BUILT_AT + 2);
    const stages = async (): Promise<readonly unknown[]> =>
      Promise.all([1, 2].map(async (number) => (await store.runs.get(room.id(number)))?.deletedAt));
    assert.deepEqual(await stages(), [BUILT_AT + 1, BUILT_AT + 2]);
    await refuses("conflict", () => store.runs.create(room.aRun({ id: room.id(3) })));
    await refuses("conflict", () =>
      store.runs.update({ id: room.id(2), lifecycleStage: "active" }),
    );
    await refuses("conflict", () =>
      store.experiments.update({ id, tags: { a: "1" }, updatedAt: BUILT_AT + 3 }),
    );
    await refuses("conflict", () =>
      store.experiments.declareMetrics({
        id,
        metrics: { loss: { better: "lower" } },
        updatedAt: BUILT_AT + 3,
      }),
    );
    const back = await store.experiments.update({ ...deletion, lifecycleStage: "active" });
    assert.equal(back.deletedAt, undefined);
    assert.deepEqual(await stages(), [BUILT_AT + 1, undefined]);
  },
  "are removed for good once their runs are": async (store, room) => {
    const id = room.experimentId;
    await store.runs.create(room.aRun({ tags: { a: "1" }, params: { p: "1" }, metrics: { m: 1 } }));
    await refuses("conflict", () => store.experiments.purge(id));
    await store.experiments.update({ id, lifecycleStage: "deleted", updatedAt: BUILT_AT + 2 });
    await refuses("conflict", () => store.experiments.purge(id));
    const place = { id: room.id(1), deletedAt: BUILT_AT + 2 };
    const query = { experimentId: id, limit: 10 };
    assert.deepEqual(await store.runs.listDeleted(query), [place]);
    assert.deepEqual(await store.runs.listDeleted({ ...query, upTo: BUILT_AT + 2 }), [place]);
    assert.deepEqual(await store.runs.listDeleted({ ...query, upTo: BUILT_AT + 1 }), []);
    assert.deepEqual(await store.runs.listDeleted({ ...query, after: place }), []);
    const ids = [room.id(1), room.id(77)];
    const failed = [
      { id: room.id(77), code: "not_found", message: `No run has the id "${room.id(77)}".` },
    ];
    const purged = { changed: [room.id(1)], failed };
    assert.deepEqual(await store.runs.purge({ ids, dryRun: true }), purged);
    assert.notEqual(await store.runs.get(room.id(1)), undefined);
    assert.deepEqual(await store.runs.purge({ ids, dryRun: false }), purged);
    assert.equal(await store.runs.get(room.id(1)), undefined);
    await store.experiments.purge(id);
    assert.equal(await store.experiments.get(id), undefined);
    await refuses("not_found", () => store.experiments.purge(id));
  },
  "take no spans while they are deleted: by id, by name, or of a trace that is there": async (
    store,
    room,
  ) => {
    const id = room.experimentId;
    const [named, other] = [room.name("home"), room.otherExperimentId(1)];
    await store.experiments.create(room.anExperiment());
    const send = async (first: number): Promise<void> => {
      const [parentId, own] = [hexId(1, 16), hexId(first, 16)];
      store.journal.appendSpan(room.aSpan({ id: own, parentId }));
      store.journal.appendSpan(room.aSpan({ traceId: room.id(first) }));
      const byName = { experimentId: room.otherExperimentId(2), experimentName: named };
      store.journal.appendSpan(room.aSpan({ traceId: room.id(first + 1), ...byName }));
      const elsewhere = { traceId: room.id(first + 2), experimentId: other };
      store.journal.appendSpan(room.aSpan(elsewhere));
      await store.journal.flush();
    };
    const there = async (numbers: readonly number[]): Promise<readonly boolean[]> =>
      Promise.all(numbers.map(async (n) => (await store.traces.get(room.id(n))) !== undefined));
    store.journal.appendSpan(room.aSpan());
    await store.journal.flush();
    await store.experiments.update({ id, lifecycleStage: "deleted", updatedAt: BUILT_AT + 2 });
    await send(2);
    assert.deepEqual(await there([1, 2, 3, 4]), [true, false, false, true]);
    assert.equal((await store.traces.listSpans(room.id(1))).length, 1);
    await store.experiments.update({ id, lifecycleStage: "active", updatedAt: BUILT_AT + 3 });
    await send(5);
    assert.deepEqual(await there([5, 6, 7]), [true, true, true]);
    assert.equal((await store.traces.get(room.id(6)))?.experimentId, id);
    assert.equal((await store.traces.listSpans(room.id(1))).length, 2);
  },
  "are hidden while they are deleted": async (store, room) => {
    await store.experiments.create(room.anExperiment());
    await store.experiments.update({
      id: room.otherExperimentId(1),
      lifecycleStage: "deleted",
      updatedAt: BUILT_AT,
    });
    assert.deepEqual(await names(store, room, "active"), [room.name("home")]);
    assert.deepEqual(await names(store, room, "deleted"), [room.name("iris")]);
    assert.deepEqual(await names(store, room, "all"), [room.name("home"), room.name("iris")]);
  },
  "are listed newest first, each once over pages": async (store, room) => {
    for (let index = 1; index <= 7; index += 1) {
      // Two of each time, so that the order within one time has to hold over pages.
      const createdAt = BUILT_AT + Math.floor(index / 2);
      await store.experiments.create(
        room.anExperiment({
          id: room.otherExperimentId(index),
          name: room.name(`e${index}`),
          createdAt,
        }),
      );
    }
    const query = {
      ...where(attribute("name"), "LIKE", room.name("e%")),
      lifecycle: "all" as const,
    };
    const items = await readPages((page) => store.experiments.search({ ...query, ...page }), 2);
    assert.equal(new Set(items.map(({ id }) => id)).size, 7);
    const times = items.map(({ createdAt }) => createdAt);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
  },
  "are found by tag": async (store, room) => {
    await store.experiments.create(room.anExperiment({ tags: { team: "blue" } }));
    const query = room.only(where({ kind: "tag", key: "team" }, "=", "blue"));
    const page = await store.experiments.search({ ...query, lifecycle: "active" });
    assert.deepEqual(
      page.items.map(({ id }) => id),
      [room.otherExperimentId(1)],
    );
  },
});

/** Rules of {@link ExperimentStore}. */
export const experimentRules: readonly ContractCase[] = [
  ...entityRules<Experiment>("experiments", {
    entity: ENTITIES.experiment,
    rest: (room, number) => ({
      id: room.otherExperimentId(number),
      name: room.name(`e${number}`),
      lifecycleStage: "active",
      tags: { number: String(number) },
      metrics: number === 1 ? {} : { [`m${number}`]: { better: "lower" } },
    }),
    add: (store, experiment) => store.experiments.create(experiment),
    get: (store, { id }) => store.experiments.get(id),
    // The room's own experiment is there before.
    search: (store, room, query) => {
      const isOther = {
        field: attribute("name"),
        operator: "LIKE",
        value: room.name("e%"),
      } as const;
      const where = [...query.where, isOther];
      return store.experiments.search({ ...query, where, lifecycle: "all" });
    },
  }),
  ...ownRules,
];
