import { expect, test } from "vitest";
import { aSharedClient, evaluateScores, rowsOf } from "./client.ts";

const client = aSharedClient();

test("gives a pass rate Wilson's interval", async () => {
  const rivulet = client();
  const { scores } = await evaluateScores(rivulet, rowsOf([true, true, true, false, false]));
  // z = 1.959964, p = 0.6, n = 5: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)
  expect(scores).toEqual([
    {
      name: "score",
      mean: 0.6,
      low: expect.closeTo(0.230_724_281, 8),
      high: expect.closeTo(0.882_379_226, 8),
      range: { min: 0, max: 1, better: "higher" },
      coverage: 1,
      scored: 5,
      skipped: 0,
      errors: 0,
    },
  ]);
});

test("leaves room below a perfect pass rate", async () => {
  const rivulet = client();
  const { scores } = await evaluateScores(rivulet, rowsOf([1, 1]));
  // 1 / (1 + z²/2)
  expect(scores[0]).toMatchObject({ mean: 1, low: expect.closeTo(0.342_380_228, 8), high: 1 });
});

test("gives other scores Student's interval", async () => {
  const rivulet = client();
  const { scores } = await evaluateScores(rivulet, rowsOf([1, 2, 3, 4]));
  // s = √(5/3), t(3) = 3.182446: 2.5 ± 3.182446 · s / 2
  expect(scores[0]).toMatchObject({
    mean: 2.5,
    low: expect.closeTo(0.445_739_743, 8),
    high: expect.closeTo(4.554_260_257, 8),
  });
});

test("gives one row a mean and no interval, and no rows nothing", async () => {
  const rivulet = client();
  const one = await evaluateScores(rivulet, rowsOf([0.5]));
  const none = await evaluateScores(rivulet, rowsOf([null]));
  expect(one.scores[0]).toMatchObject({ mean: 0.5, low: null, high: null, scored: 1 });
  expect(none.scores[0]).toMatchObject({
    mean: null,
    low: null,
    high: null,
    scored: 0,
    skipped: 1,
    errors: 0,
  });
});

test("averages the trials of a row before it counts rows", async () => {
  const rivulet = client();
  const { scores, rows } = await evaluateScores(rivulet, [
    [1, 0],
    [1, 1],
  ]);
  expect(rows.map(({ rowId, trial }) => `${rowId}.${trial}`)).toEqual([
    "r0.0",
    "r0.1",
    "r1.0",
    "r1.1",
  ]);
  // Rows 0.5 and 1: mean 0.75, s = √0.125, t(1) = 12.706205. Four independent rows would be narrower.
  expect(scores[0]).toMatchObject({
    mean: 0.75,
    low: expect.closeTo(0.75 - 3.176_551_184, 8),
    high: expect.closeTo(0.75 + 3.176_551_184, 8),
    scored: 2,
  });
});

test("compares passed and failed rows by Bonett and Price's interval", async () => {
  const rivulet = client();
  const baseline = await evaluateScores(rivulet, rowsOf([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]));
  const candidate = await evaluateScores(rivulet, rowsOf([1, 1, 1, 1, 1, 1, 1, 1, 1, 0]));
  const comparison = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  // 7 won, 1 lost of 10: p = 8/12 and 2/12, 0.5 ± 1.959964 · √((10/12 − 0.25) / 12)
  expect(comparison.scores).toEqual([
    {
      name: "score",
      pairs: 10,
      oneSided: 0,
      better: "higher",
      baselineMean: 0.3,
      candidateMean: 0.9,
      difference: expect.closeTo(0.6, 12),
      low: expect.closeTo(0.067_868_56, 8),
      high: expect.closeTo(0.932_131_44, 8),
      improved: 7,
      regressed: 1,
      unchanged: 2,
      verdict: "better",
    },
  ]);
  expect(comparison.unpaired).toBe(0);
});

test("compares a few other scores by Student's interval of the paired differences", async () => {
  const rivulet = client();
  const baseline = await evaluateScores(rivulet, rowsOf([2, 4, 6, 8, 10, 12]));
  const candidate = await evaluateScores(rivulet, rowsOf([1, 2, 3, 7, 8, 9]));
  const { scores } = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  // Differences −1, −2, −3, −1, −2, −3: mean −2, s = √0.8, t(5) = 2.570582
  expect(scores[0]).toMatchObject({
    difference: -2,
    low: expect.closeTo(-2 - 0.938_643_772, 8),
    high: expect.closeTo(-2 + 0.938_643_772, 8),
    improved: 0,
    regressed: 6,
    verdict: "worse",
  });
});

test("compares twenty rows and more by a bootstrap that always gives the same interval", async () => {
  const rivulet = client();
  const values = Array.from({ length: 20 }, (_, row) => (row % 5) / 4);
  const baseline = await evaluateScores(rivulet, rowsOf(values));
  const candidate = await evaluateScores(
    rivulet,
    rowsOf(values.map((value, row) => value + (row % 4 === 0 ? 0.4 : 0.1))),
  );
  const ids = { baselineId: baseline.id, candidateId: candidate.id };
  const first = await rivulet.evaluations.compare(ids);
  const second = await rivulet.evaluations.compare(ids);
  expect(second.scores).toEqual(first.scores);
  const [score] = first.scores;
  // Five differences of 0.4 and fifteen of 0.1: mean 0.175, standard error 0.0298, skewed to the right.
  expect(score).toMatchObject({ pairs: 20, improved: 20, verdict: "better" });
  expect(score?.difference).toBeCloseTo(0.175, 12);
  expect(score?.low).toBeCloseTo(0.13, 12);
  expect(score?.high).toBeCloseTo(0.25, 12);
});

test("compares up to 500 rows by the bootstrap, and more by Student's interval", async () => {
  const rivulet = client();
  // Every fiftieth row is better by 10, the others by 1: far from normal.
  const scores = Array.from({ length: 501 }, (_, row) => (row % 50 === 0 ? 10 : 1));
  const baseline = await evaluateScores(rivulet, rowsOf(scores.map(() => 0)));
  const compareWith = async (rows: number) => {
    const candidate = await evaluateScores(rivulet, rowsOf(scores.slice(0, rows)));
    const ids = { baselineId: baseline.id, candidateId: candidate.id };
    return (await rivulet.evaluations.compare(ids)).scores[0];
  };
  expect(await compareWith(500)).toMatchObject({
    pairs: 500,
    difference: expect.closeTo(1.18, 10),
    low: expect.closeTo(1.09, 10),
    high: expect.closeTo(1.324, 10),
  });
  // Mean 600/501, s = 1.3201796, t(500) = 1.9647198.
  expect(await compareWith(501)).toMatchObject({
    pairs: 501,
    difference: expect.closeTo(1.197_604_79, 8),
    low: expect.closeTo(1.081_723_107, 8),
    high: expect.closeTo(1.313_486_473, 8),
  });
});

test("calls a difference noise when its interval contains 0", async () => {
  const rivulet = client();
  const baseline = await evaluateScores(rivulet, rowsOf([0, 0, 0, 0, 1, 1, 1, 1]));
  const candidate = await evaluateScores(rivulet, rowsOf([1, 1, 1, 1, 0, 0, 0, 1]));
  const { scores } = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  expect(scores[0]).toMatchObject({
    difference: 0.125,
    improved: 4,
    regressed: 3,
    verdict: "noise",
  });
});

test("does not judge by fewer than six rows that differ", async () => {
  const rivulet = client();
  const baseline = await evaluateScores(rivulet, rowsOf([0, 0, 0, 0, 0]));
  const candidate = await evaluateScores(rivulet, rowsOf([1, 1, 1, 1, 1]));
  const { scores } = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  expect(scores[0]).toMatchObject({ difference: 1, improved: 5, verdict: "unknown" });
  expect(scores[0]?.low).toBeGreaterThan(0);
});

test("gives one pair a difference without an interval", async () => {
  const rivulet = client();
  const baseline = await evaluateScores(rivulet, rowsOf([0, null]));
  const candidate = await evaluateScores(rivulet, rowsOf([1, 1]));
  const { scores } = await rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  expect(scores[0]).toMatchObject({
    pairs: 1,
    baselineMean: 0,
    candidateMean: 1,
    difference: 1,
    low: null,
    high: null,
    verdict: "unknown",
  });
});
