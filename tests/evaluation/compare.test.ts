import { expect, test } from "vitest";
import { aSharedClient, evaluateScores } from "./client.ts";

const client = aSharedClient();

const length = ({ output }: { output: string }): number => output.length;
const isShort = ({ output }: { output: string }): boolean => output.length < 4;

test("pairs rows by their inputs and reports those of one side only", async () => {
  const rivulet = client();
  const inputs = (names: readonly string[]) => names.map((name) => ({ inputs: { name, of: "x" } }));
  const baseline = await rivulet.evaluate({
    data: inputs(["ann", "bob", "cy"]),
    task: ({ name }) => name,
    scorers: [length, isShort],
  });
  const candidate = await rivulet.evaluate({
    data: [{ inputs: { of: "x", name: "bob" } }, ...inputs(["ann", "dan"])],
    task: ({ name }) => (name === "ann" ? "anna" : name === "bob" ? "b" : name),
    scorers: [length],
  });
  const comparison = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });

  expect(comparison.baseline.id).toBe(baseline.id);
  expect(comparison.candidate.id).toBe(candidate.id);
  expect(comparison.unpaired).toBe(2);
  expect(
    comparison.scores.map(({ name, pairs, difference, verdict }) => [
      name,
      pairs,
      difference,
      verdict,
    ]),
  ).toEqual([
    ["length", 2, -0.5, "noise"],
    ["isShort", 0, null, "unknown"],
  ]);
  const shown = comparison.rows.map((row) => [
    JSON.parse(row.inputsPreview).name,
    row.baseline?.outputPreview,
    row.candidate?.outputPreview,
    row.differences,
  ]);
  expect(shown.slice(0, 2)).toEqual([
    ["bob", "bob", "b", { length: -2 }],
    ["ann", "ann", "anna", { length: 1 }],
  ]);
  expect(shown.slice(2)).toEqual(
    expect.arrayContaining([
      ["cy", "cy", undefined, {}],
      ["dan", undefined, "dan", {}],
    ]),
  );
});

test("compares the means of a row's trials", async () => {
  const rivulet = client();
  const baseline = await evaluateScores(rivulet, [
    [0, 1],
    [1, 1],
  ]);
  const candidate = await evaluateScores(rivulet, [
    [1, 1],
    [null, 0],
  ]);
  const { scores, rows } = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  expect(scores[0]).toMatchObject({ pairs: 2, baselineMean: 0.75, candidateMean: 0.5 });
  expect(rows.map(({ rowId, differences }) => [rowId, differences])).toEqual([
    ["r1", { score: -1 }],
    ["r0", { score: 0.5 }],
  ]);
});

test("shows the worst regression first, though another score of that row is better", async () => {
  const rivulet = client();
  const evaluate = (scores: readonly (readonly [first: number, second: number])[]) =>
    rivulet.evaluate({
      data: scores.map((_, row) => ({ id: `r${row}`, inputs: row })),
      task: (row) => scores[row],
      scorers: [
        Object.assign(({ output }: Scored) => output?.[0] ?? null, { scoreName: "first" }),
        Object.assign(({ output }: Scored) => output?.[1] ?? null, { scoreName: "second" }),
      ],
    });
  type Scored = { output: readonly [number, number] | undefined };
  const baseline = await evaluate([
    [5, 5],
    [5, 5],
    [5, 5],
  ]);
  const candidate = await evaluate([
    [4, 5],
    [9, 2],
    [6, 6],
  ]);
  const { rows } = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  expect(rows.map(({ rowId, differences }) => [rowId, differences])).toEqual([
    ["r1", { first: 4, second: -3 }],
    ["r0", { first: -1, second: 0 }],
    ["r2", { first: 1, second: 1 }],
  ]);
});

test("says which evaluation is not there", async () => {
  const rivulet = client();
  const { id } = await evaluateScores(rivulet, [[1]]);
  await expect(
    rivulet.evaluations.compare({ baselineId: id, candidateId: "nowhere" }),
  ).rejects.toMatchObject({ code: "not_found", details: { id: "nowhere" } });
});

test("gives rows with their scores and the beginnings of their texts, and one of them whole", async () => {
  const rivulet = client();
  const evaluate = (answer: string) =>
    rivulet.evaluate({
      data: [{ id: "r", inputs: { q: "x".repeat(500) }, expectations: `${"e".repeat(119)}🦦` }],
      task: () => {
        if (answer === "") throw new Error("away ".repeat(100));
        return answer;
      },
      scorers: [length],
    });
  const baseline = await evaluate("y".repeat(300));
  const candidate = await evaluate("");
  const ids = { baselineId: baseline.id, candidateId: candidate.id };
  const { rows } = await rivulet.evaluations.compare(ids);
  expect(rows).toEqual([
    {
      rowId: "r",
      inputsPreview: `{"q":"${"x".repeat(114)}`,
      expectationsPreview: "e".repeat(119),
      baseline: {
        trial: 0,
        outputPreview: "y".repeat(120),
        traceId: baseline.rows[0]?.traceId,
        scores: { length: 300 },
      },
      candidate: {
        trial: 0,
        errorPreview: "away ".repeat(24),
        traceId: candidate.rows[0]?.traceId,
        scores: { length: null },
      },
      differences: {},
    },
  ]);
  const place = { evaluationId: candidate.id, rowId: "r" };
  expect(await rivulet.evaluations.getRow(place)).toEqual(candidate.rows[0]);
  await expect(rivulet.evaluations.getRow({ ...place, trial: 1 })).rejects.toMatchObject({
    code: "not_found",
    message: `There is no trial 1 in evaluation ${candidate.id} of row "r".`,
  });
});
