import type { Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { DOORS, type Input, outcomeOf, type Served, serve } from "./door.ts";
import { SCRIPT, seed } from "./script.ts";

/** What a caller may be told; everything else is a defect of ours. */
const CODES: readonly string[] = [
  "invalid_argument",
  "not_found",
  "already_exists",
  "conflict",
  "limit_exceeded",
  "deadline_exceeded",
];

const RUNS = { seed: 20, numRuns: 25 };

const examples = new Map(SCRIPT);

/** Texts that have broken things. */
const oddText = fc.constantFrom(
  "",
  ".",
  "..",
  "/",
  "%",
  "%00",
  "\0",
  "\ud800",
  "__proto__",
  "constructor",
  "null",
  "1e999",
  "name@",
  "@1",
  "a@99999999999999999999",
  "'; DROP TABLE runs; --",
  "x".repeat(5_000),
);

const oddNumber = fc.constantFrom(0, -1, 0.5, 1e21, -1e-7, Number.MAX_SAFE_INTEGER + 2);

const anything = fc.oneof(oddText, oddNumber, fc.string(), fc.jsonValue({ maxDepth: 3 }));

describe.each(["process", "client", "mcp"])("%s", (name) => {
  let served: Served | undefined;
  beforeAll(async () => {
    const makeDoor = DOORS[name];
    if (makeDoor === undefined) throw new Error(`There is no door ${name}.`);
    served = serve(makeDoor);
    await seed(served.rivulet);
  });
  afterAll(() => served?.close());

  const cases = operations.map((operation) => [operation.id, operation] as const);

  test.each(cases)("%s answers, or says what is wrong, whatever it is given", async (...given) => {
    const [id, operation] = given;
    if (served === undefined) throw new Error("Nothing is served.");
    const { door, errors } = served;
    const property = fc.asyncProperty(inputOf(operation), async (input) => {
      const outcome = await outcomeOf(door, id, input);
      if ("code" in outcome) expect(CODES).toContain(outcome.code);
    });
    await fc.assert(property, RUNS);
    expect(errors).toEqual([]);
  });
});

/** A good input with some of its fields replaced or left out, and sometimes one more. */
function inputOf(operation: Operation): fc.Arbitrary<Input> {
  const good = examples.get(operation.id) ?? {};
  const fields = fieldsOf(operation).map((field) => {
    const usual = field in good ? [fc.constant(good[field])] : [];
    return [field, fc.oneof(...usual, anything)] as const;
  });
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  const more = fc.dictionary(fc.oneof(oddText, fc.string()), anything, { maxKeys: 1 });
  return fc.oneof(
    { arbitrary: known, weight: 4 },
    { arbitrary: fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one })), weight: 1 },
  );
}

function fieldsOf({ input }: Operation): readonly string[] {
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return Object.keys(schema.properties ?? {});
}
