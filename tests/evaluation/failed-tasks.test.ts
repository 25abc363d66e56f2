import type { EvaluationResult, Rivulet, ScoreComparison, Scorer } from "@rivulet/core";
import { makeJudge } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aSharedClient } from "./client.ts";

const client = aSharedClient();

interface Answers {
  /** What the task answers to each row; `null` where it throws. */
  readonly answers: readonly (number | null)[];
  readonly range?: Scorer["range"];
  readonly expectations?: readonly unknown[];
}

const score = (range: Scorer["range"]): Scorer<number, number> =>
  Object.assign(({ output }: { output: number }) => output, {
    scoreName: "score",
    ...(range === undefined ? {} : { range }),
  });

function evaluate({ answers, range, expectations }: Answers): Promise<EvaluationResult> {
  return client().evaluate({
    data: answers.map((_, row) => ({
      inputs: row,
      ...(expectations === undefined ? {} : { expectations: expectations[row] }),
    })),
    task: (row) => {
      const answer = answers[row] ?? null;
      if (answer === null) throw new Error("crashed");
      return answer;
    },
    scorers: [score(range)],
  });
}

async function compare(
  rivulet: Rivulet,
  { baseline, candidate }: { readonly baseline: Answers; readonly candidate: Answers },
): Promise<ScoreComparison> {
  const [one, other] = [await evaluate(baseline), await evaluate(candidate)];
  const { scores } = await rivulet.evaluations.compare({
    baselineId: one.id,
    candidateId: other.id,
  });
  return scores[0] as ScoreComparison;
}

const times = (count: number, value: number | null): (number | null)[] =>
  Array.from({ length: count }, () => value);

describe("a row whose task failed", () => {
  test("is a 0 for a scorer whose values are all from 0 to 1", async () => {
    const { scores } = await evaluate({ answers: [...times(30, 1), ...times(30, null)] });
    expect(scores).toMatchObject([
      {
        mean: 0.5,
        coverage: 1,
        scored: 30,
        skipped: 0,
        errors: 30,
        range: { min: 0, max: 1, better: "higher" },
      },
    ]);
    expect((await client().runs.search({ limit: 1 })).items[0]?.metrics).toMatchObject({
      "score/mean": 0.5,
      "score/coverage": 1,
    });
  });

  test.each([
    ["the least of a declared range", { min: -1, max: 1 }, [[1, null], 0, 1]],
    ["the most where lower is better", { min: 0, max: 10, better: "lower" }, [[2, null], 6, 1]],
    ["nothing where the scale is not known", undefined, [[4, null], 4, 0.5]],
    ["nothing where its bad end is open", { min: 0, better: "lower" }, [[0.5, null], 0.5, 0.5]],
    ["nothing where no row had a value", undefined, [[null, null], null, 0]],
  ] as const)("counts as %s", async (_, range, [answers, ...expected]) => {
    const { scores } = await evaluate({ answers, ...(range === undefined ? {} : { range }) });
    expect([scores[0]?.mean, scores[0]?.coverage]).toEqual(expected);
  });

  test("counts against the candidate that crashed", async () => {
    const baseline = { answers: [...times(45, 0), ...times(15, 1)] };
    const candidate = { answers: [...times(15, null), ...times(30, 0), ...times(15, 1)] };
    expect(await compare(client(), { baseline, candidate })).toMatchObject({
      pairs: 60,
      oneSided: 0,
      difference: 0,
      verdict: "noise",
    });
    const worse = { answers: [...times(45, 0), ...times(15, null)] };
    expect(await compare(client(), { baseline, candidate: worse })).toMatchObject({
      pairs: 60,
      difference: -0.25,
      regressed: 15,
      verdict: "worse",
    });
  });

  test("leaves no verdict where its score is not known", async () => {
    const baseline = { answers: times(60, 2) };
    const candidate = { answers: [...times(15, null), ...times(45, 3)] };
    expect(await compare(client(), { baseline, candidate })).toMatchObject({
      pairs: 45,
      oneSided: 15,
      difference: 1,
      verdict: "unknown",
    });
  });

  test("is as bad as both sides agree, or not known", async () => {
    const baseline = { answers: [0.5, 0.5, 1, null] };
    const candidate = { answers: [3, 4, 5, 6] };
    expect(await compare(client(), { baseline, candidate })).toMatchObject({
      pairs: 3,
      oneSided: 1,
    });
  });
});

test("a lower score is the better one where the scorer says so", async () => {
  const range = { min: 0, max: 100, better: "lower" } as const;
  const baseline = { range, answers: [10, 11, 12, 13, 14, 15, 16, 17] };
  const candidate = { range, answers: [1, 2, 3, 4, 5, 6, 7, 18] };
  expect(await compare(client(), { baseline, candidate })).toMatchObject({
    better: "lower",
    improved: 7,
    regressed: 1,
    verdict: "better",
  });
  const [one, other] = [await evaluate(baseline), await evaluate(candidate)];
  const { rows } = await client().evaluations.compare({
    baselineId: one.id,
    candidateId: other.id,
  });
  expect(rows[0]?.differences).toEqual({ score: 1 });
});

test("a judge's range is what its choices are worth", async () => {
  const judge = makeJudge({
    name: "tone",
    instructions: "Is it kind?",
    model: () => '{"choice":"fine","reason":""}',
    choices: { kind: 2, fine: 1, rude: -2, unclear: null },
  });
  const { scores } = await client().evaluate({
    data: [{ inputs: "a" }, { inputs: "b" }],
    task: (input) => {
      if (input === "b") throw new Error("crashed");
      return input;
    },
    scorers: [judge],
  });
  expect(scores).toMatchObject([{ mean: -0.5, range: { min: -2, max: 2, better: "higher" } }]);
});

test("a value outside of a scorer's range is the scorer's error", async () => {
  const { rows } = await evaluate({ answers: [2], range: { max: 1 } });
  expect(rows[0]?.scores).toEqual([
    {
      name: "score",
      value: null,
      error: 'Scorer "score" returned 2, which is outside its range from -∞ to 1.',
    },
  ]);
});

test.each([
  ["upside down", { min: 1, max: 1 }, /score\.range: min must be less than max/],
  [
    "of something else",
    { least: 0 } as never,
    /score\.range\.least: is not known here\. There are min, max, better\./,
  ],
  ["of texts", { min: "0" } as never, /score\.range\.min/],
])("a range that is %s is refused before anything runs", async (_, range, message) => {
  await expect(evaluate({ answers: [1], range })).rejects.toThrow(message);
});

describe("examples", () => {
  test("pair when they expect the same, in whatever order they stand", async () => {
    const run = (data: readonly { readonly inputs: string; readonly expectations: unknown }[]) =>
      client().evaluate({ data, task: (input) => input, scorers: [score(undefined) as never] });
    const one = await run([
      { inputs: "q", expectations: "a" },
      { inputs: "q", expectations: "b" },
      { inputs: "p", expectations: { x: 1, y: 2 } },
    ]);
    const other = await run([
      { inputs: "p", expectations: { y: 2, x: 1 } },
      { inputs: "q", expectations: "b" },
      { inputs: "q", expectations: "c" },
    ]);
    const { rows, unpaired } = await client().evaluations.compare({
      baselineId: one.id,
      candidateId: other.id,
    });
    const paired = rows.filter(({ baseline, candidate }) => baseline && candidate);
    expect(paired.map(({ expectationsPreview }) => expectationsPreview)).toEqual(
      expect.arrayContaining(["b", '{"y":2,"x":1}']),
    );
    expect([paired.length, unpaired]).toEqual([2, 2]);
  });

  test("do not pair with one of the same id that expects something else", async () => {
    const one = await evaluate({ answers: [1, 0], expectations: ["a", "b"] });
    const other = await evaluate({ answers: [1, 0], expectations: ["a", "c"] });
    const compared = await client().evaluations.compare({
      baselineId: one.id,
      candidateId: other.id,
    });
    expect([compared.scores[0]?.pairs, compared.unpaired]).toEqual([1, 2]);
  });

  test.each([
    [
      "{ input, expected }",
      { input: 1, expected: 2 },
      /evaluate\.data\.0\.input: is not known here\. The task's input is called inputs/,
    ],
    [
      "{ inputs, expected }",
      { inputs: 1, expected: 2 },
      /The expected output is called expectations/,
    ],
    ["{ inputs, metdata }", { inputs: 1, metdata: {} }, /Did you mean metadata\?/],
    ["no inputs", { expectations: 1 }, /evaluate\.data\.0\.inputs: is missing/],
    ["a text", "q", /evaluate\.data\.0: must be an object/],
  ])("that are %s are refused", async (_, example, message) => {
    await expect(
      client().evaluate({
        data: [example as never],
        task: () => 1,
        scorers: [score(undefined) as never],
      }),
    ).rejects.toMatchObject({ code: "invalid_argument", message: expect.stringMatching(message) });
  });
});
