import { aRun, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aBackend } from "./a-backend.ts";

/** More than are checked at once where a pattern is looked for in each row. */
const RUNS = 1_500;

test("a group of more runs than are read at once is summed up over all of them", async () => {
  const { runs } = (await aBackend()).entities;
  for (let number = 1; number <= RUNS; number += 1) {
    const diverged = number % 100 === 0;
    await runs.create(
      aRun({
        id: hexId(number),
        name: `run ${number}`,
        metrics: { loss: diverged ? Number.NaN : number },
      }),
    );
  }
  const numbers = Array.from({ length: RUNS }, (_, at) => at + 1).filter((n) => n % 100 !== 0);
  const sum = numbers.reduce((all, one) => all + one, 0);
  const name = { kind: "attribute", key: "name" } as const;
  const groups = await runs.groups({
    field: { kind: "attribute", key: "status" },
    metrics: ["loss"],
    where: [{ field: name, operator: "RLIKE", value: "^run" }],
    experimentIds: ["0"],
    lifecycle: "active",
    limit: 10,
  });
  expect(groups).toEqual([
    {
      value: "running",
      count: RUNS,
      metrics: { loss: { count: numbers.length, mean: sum / numbers.length, min: 1, max: 1_499 } },
    },
  ]);
});
