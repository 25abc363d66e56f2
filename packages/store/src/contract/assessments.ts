import assert from "node:assert/strict";
import { anAssessment, aSpan, BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, refuses } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

/** Rules of {@link AssessmentStore}. */
export const assessmentRules: readonly ContractCase[] = contractGroup("assessments", {
  "come out as they went in, by time": async (store) => {
    store.journal.appendSpan(aSpan());
    await store.journal.flush();
    const late = anAssessment({
      id: hexId(1),
      createdAt: BUILT_AT + 9,
      spanId: hexId(1, 16),
      value: { stars: 4, why: [null] },
      source: "llm_judge",
      sourceId: "judge",
      rationale: "good",
      metadata: { a: 1 },
      runId: hexId(5),
    });
    const early = anAssessment({ id: hexId(2), value: null, error: "no answer" });
    await store.assessments.add([late, early]);
    const traceIds = [hexId(1), hexId(9)];
    assert.deepEqual(await store.assessments.list({ traceIds }), [early, late]);
    assert.deepEqual(await store.assessments.list({ traceIds: [] }), []);
  },
  "need their trace, all of them or none": async (store) => {
    store.journal.appendSpan(aSpan());
    await store.journal.flush();
    await refuses("not_found", () =>
      store.assessments.add([anAssessment(), anAssessment({ id: hexId(2), traceId: hexId(9) })]),
    );
    assert.deepEqual(await store.assessments.list({ traceIds: [hexId(1)] }), []);
  },
  "are removed one by one": async (store) => {
    store.journal.appendSpan(aSpan());
    await store.journal.flush();
    await store.assessments.add([anAssessment(), anAssessment({ id: hexId(2) })]);
    await store.assessments.delete(hexId(1));
    const left = await store.assessments.list({ traceIds: [hexId(1)] });
    assert.deepEqual(
      left.map(({ id }) => id),
      [hexId(2)],
    );
    await refuses("not_found", () => store.assessments.delete(hexId(1)));
  },
});
