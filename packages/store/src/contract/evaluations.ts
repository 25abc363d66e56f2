import assert from "node:assert/strict";
import type { Evaluation, ScoreSummary } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { BUILT_AT } from "./builders.ts";
import {
  attribute,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import { entityRules } from "./entity-rules.ts";

const ownRules = contractGroup("evaluations", {
  "come out as they went in, and are replaced": async (store, room) => {
    await store.runs.create(room.aRun());
    const started = room.anEvaluation({ metadata: { a: [1] } });
    await store.evaluations.create(started);
    assert.deepEqual(await store.evaluations.get(room.id(1)), started);
    const summary: ScoreSummary = {
      name: "exact",
      mean: 0.5,
      low: null,
      high: null,
      range: { min: 0, better: "lower" },
      coverage: 0.75,
      scored: 2,
      skipped: 1,
      errors: 0,
    };
    const finished = room.anEvaluation({
      status: "finished",
      endTime: BUILT_AT + 5,
      rowCount: 3,
      errorCount: 1,
      scores: [summary],
    });
    await store.evaluations.update(finished);
    assert.deepEqual(await store.evaluations.get(room.id(1)), finished);
    assert.equal(await store.evaluations.get(room.id(9)), undefined);
    await refuses("not_found", () =>
      store.evaluations.update(room.anEvaluation({ id: room.id(9) })),
    );
  },
  "list their rows by position, row id, then trial, over pages": async (store, room) => {
    await store.runs.create(room.aRun());
    await store.evaluations.create(room.anEvaluation());
    const rows = [
      room.anEvaluationRow({ rowId: "b", trial: 1 }),
      room.anEvaluationRow({
        rowId: "b",
        trial: 0,
        output: { text: "x" },
        expectations: [1],
        traceId: room.id(8),
        scores: [{ name: "exact", value: 1, label: "yes", rationale: "same" }],
      }),
      room.anEvaluationRow({
        rowId: "a",
        error: "boom",
        scores: [{ name: "exact", value: null, error: "e" }],
      }),
    ];
    const placed = [
      room.anEvaluationRow({ rowId: "0", position: 10 }),
      room.anEvaluationRow({ rowId: "z", position: 2, trial: 1 }),
      room.anEvaluationRow({ rowId: "z", position: 2 }),
    ];
    await store.evaluations.addRows(rows.slice(0, 2));
    await store.evaluations.addRows([...rows.slice(2), ...placed]);
    const evaluationId = room.id(1);
    const found = await readPages(
      (page) => store.evaluations.listRows({ evaluationId, ...page }),
      1,
    );
    assert.deepEqual(found, [rows[2], rows[1], rows[0], placed[2], placed[1], placed[0]]);
    const get = (rowId: string, trial: number) =>
      store.evaluations.getRow({ evaluationId, rowId, trial });
    assert.deepEqual([await get("b", 1), await get("a", 0)], [rows[0], rows[2]]);
    assert.deepEqual([await get("b", 2), await get("c", 0)], [undefined, undefined]);
    const none = await store.evaluations.listRows({ evaluationId: room.id(9), limit: 5 });
    assert.deepEqual(none, { items: [] });
  },
  "are listed newest first, by experiment and filter": async (store, room) => {
    for (let number = 1; number <= 3; number += 1) {
      await store.runs.create(room.aRun({ id: room.id(number) }));
      await store.evaluations.create(
        room.anEvaluation({
          id: room.id(number),
          name: room.name(`e${number}`),
          startTime: BUILT_AT + number,
        }),
      );
    }
    const names = async (
      query: typeof EVERYTHING,
      experimentIds: readonly string[],
    ): Promise<string[]> =>
      (await store.evaluations.search({ ...query, experimentIds })).items.map(({ name }) => name);
    assert.deepEqual(await names(room.only(EVERYTHING), []), ["e3", "e2", "e1"].map(room.name));
    const second = room.name("e2");
    assert.deepEqual(await names(where(attribute("name"), "=", second), [room.experimentId]), [
      second,
    ]);
    assert.deepEqual(await names(EVERYTHING, [room.otherExperimentId(77)]), []);
  },
});

/** Rules of {@link EvaluationStore}. */
export const evaluationRules: readonly ContractCase[] = [
  ...entityRules<Evaluation>("evaluations", {
    entity: ENTITIES.evaluation,
    rest: (room, number) => ({ id: room.id(number), experimentId: room.experimentId }),
    add: (store, evaluation) => store.evaluations.create(evaluation),
    get: (store, { id }) => store.evaluations.get(id),
    search: (store, room, query) =>
      store.evaluations.search({ ...query, experimentIds: [room.experimentId] }),
  }),
  ...ownRules,
];
