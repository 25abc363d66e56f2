import assert from "node:assert/strict";
import { anEvaluation, anEvaluationRow, aRun, BUILT_AT } from "./builders.ts";
import {
  attribute,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

/** Rules of {@link EvaluationStore}. */
export const evaluationRules: readonly ContractCase[] = contractGroup("evaluations", {
  "come out as they went in, and are replaced": async (store) => {
    await store.runs.create(aRun());
    const started = anEvaluation({ datasetName: "qa", datasetVersion: 3, metadata: { a: [1] } });
    await store.evaluations.create(started);
    assert.deepEqual(await store.evaluations.get(hexId(1)), started);
    const summary = {
      name: "exact",
      mean: 0.5,
      low: null,
      high: null,
      scored: 2,
      skipped: 1,
      errors: 0,
    };
    const finished = anEvaluation({
      status: "finished",
      endTime: BUILT_AT + 5,
      rowCount: 3,
      errorCount: 1,
      scores: [summary],
    });
    await store.evaluations.update(finished);
    assert.deepEqual(await store.evaluations.get(hexId(1)), finished);
    assert.equal(await store.evaluations.get(hexId(9)), undefined);
    await refuses("not_found", () => store.evaluations.update(anEvaluation({ id: hexId(9) })));
  },
  "list their rows by row id, then trial, over pages": async (store) => {
    await store.runs.create(aRun());
    await store.evaluations.create(anEvaluation());
    const rows = [
      anEvaluationRow({ rowId: "b", trial: 1 }),
      anEvaluationRow({
        rowId: "b",
        trial: 0,
        output: { text: "x" },
        expectations: [1],
        traceId: hexId(8),
        scores: [{ name: "exact", value: 1, label: "yes", rationale: "same" }],
      }),
      anEvaluationRow({
        rowId: "a",
        error: "boom",
        scores: [{ name: "exact", value: null, error: "e" }],
      }),
    ];
    await store.evaluations.addRows(rows.slice(0, 2));
    await store.evaluations.addRows(rows.slice(2));
    const evaluationId = hexId(1);
    const found = await readPages(
      (page) => store.evaluations.listRows({ evaluationId, ...page }),
      1,
    );
    assert.deepEqual(found, [rows[2], rows[1], rows[0]]);
    const none = await store.evaluations.listRows({ evaluationId: hexId(9), limit: 5 });
    assert.deepEqual(none, { items: [] });
  },
  "are listed newest first, by experiment and filter": async (store) => {
    for (let number = 1; number <= 3; number += 1) {
      await store.runs.create(aRun({ id: hexId(number) }));
      await store.evaluations.create(
        anEvaluation({ id: hexId(number), name: `e${number}`, startTime: BUILT_AT + number }),
      );
    }
    const names = async (
      query: typeof EVERYTHING,
      experimentIds: readonly string[],
    ): Promise<string[]> =>
      (await store.evaluations.search({ ...query, experimentIds })).items.map(({ name }) => name);
    assert.deepEqual(await names(EVERYTHING, []), ["e3", "e2", "e1"]);
    assert.deepEqual(await names(where(attribute("name"), "=", "e2"), ["0"]), ["e2"]);
    assert.deepEqual(await names(EVERYTHING, ["77"]), []);
  },
});
