import assert from "node:assert/strict";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, refuses } from "./contract-case.ts";
import { hexId } from "./hex-id.ts";

/** Rules of {@link AssessmentStore}. */
export const assessmentRules: readonly ContractCase[] = contractGroup("assessments", {
  "come out as they went in, by time": async (store, room) => {
    store.journal.appendSpan(room.aSpan());
    await store.journal.flush();
    const late = room.anAssessment({
      id: room.id(1),
      createdAt: BUILT_AT + 9,
      spanId: hexId(1, 16),
      value: { stars: 4, why: [null] },
      source: "llm_judge",
      sourceId: "judge",
      rationale: "good",
      metadata: { a: 1 },
      runId: room.id(5),
    });
    const early = room.anAssessment({ id: room.id(2), value: null, error: "no answer" });
    await store.assessments.add([late, early]);
    const traceIds = [room.id(1), room.id(9)];
    assert.deepEqual(await store.assessments.list({ traceIds }), [early, late]);
    assert.deepEqual(await store.assessments.list({ traceIds: [] }), []);
  },
  "need their trace, all of them or none": async (store, room) => {
    store.journal.appendSpan(room.aSpan());
    await store.journal.flush();
    await refuses("not_found", () =>
      store.assessments.add([
        room.anAssessment(),
        room.anAssessment({ id: room.id(2), traceId: room.id(9) }),
      ]),
    );
    assert.deepEqual(await store.assessments.list({ traceIds: [room.id(1)] }), []);
  },
  "are removed one by one": async (store, room) => {
    store.journal.appendSpan(room.aSpan());
    await store.journal.flush();
    await store.assessments.add([room.anAssessment(), room.anAssessment({ id: room.id(2) })]);
    await store.assessments.delete(room.id(1));
    const left = await store.assessments.list({ traceIds: [room.id(1)] });
    assert.deepEqual(
      left.map(({ id }) => id),
      [room.id(2)],
    );
    await refuses("not_found", () => store.assessments.delete(room.id(1)));
  },
});
