import { addressOf } from "@rivulet/client/addresses";
import type { Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { DOORS, type Input, type Outcome, outcomeOf, type Served, serve } from "./door.ts";
import { PASSAGES } from "./mcp-door.ts";
import { operationOf } from "./operation-of.ts";
import { SCRIPT, seed } from "./script.ts";

const served = new Map<string, Served>();
let before: unknown;

beforeAll(async () => {
  for (const [name, makeDoor] of Object.entries(DOORS)) {
    const one = serve(makeDoor);
    served.set(name, one);
    await seed(one.rivulet);
  }
  before = await contentOf("process");
});

afterAll(async () => {
  for (const { close } of served.values()) await close();
});

/** What a caller may get wrong, and is told: never a failure of ours. */
const CODES = ["invalid_argument", "not_found", "already_exists", "conflict", "limit_exceeded"];

interface BadInput {
  readonly what: string;
  readonly id: string;
  readonly input: Input;
  /** The end of the place that is named; unknown where another problem may be told first. */
  readonly place?: string;
}

const examples = new Map(SCRIPT.toReversed());

const bad = operations.flatMap((operation) => badInputs(operation));

test("there is bad input for every operation", () => {
  expect(new Set(bad.map(({ id }) => id)).size).toBe(operations.length);
  expect(bad.length).toBeGreaterThan(250);
});

/** Whether a door can be given the input at all. */
function reaches(name: string, { what, id }: BadInput): boolean {
  const operation = operationOf(id);
  // Without what the path names, it is another address.
  if (name === "http") return what !== "nothing" || addressOf(operation.id).inPath.length === 0;
  // MCP's SDK takes a key `__proto__` out of arguments, so that no tool sees it.
  if (name === "mcp") return what !== "a prototype" || !PASSAGES.has(operation.id);
  return true;
}

describe.each(Object.keys(DOORS))("%s", (name) => {
  test.each(bad.filter((one) => reaches(name, one)))(
    "$id refuses $what",
    async ({ id, input, place }) => {
      const outcome = await call(name, id, input);
      expect(CODES).toContain("code" in outcome ? outcome.code : "none");
      if (place === undefined) return;
      expect(outcome).toMatchObject({ code: "invalid_argument" });
      expect(
        String("field" in outcome ? outcome.field : "")
          .split(".")
          .at(-1),
      ).toBe(place);
      expect("message" in outcome ? outcome.message : "").toContain(place);
    },
  );

  test("nothing of it was written, and nothing failed", async () => {
    expect(await contentOf(name)).toEqual(before);
    expect(served.get(name)?.errors).toEqual([]);
  });
});

const sayable = bad.filter((one) => reaches("http", one));

test.each(sayable)("$id refuses $what with the same words through every door", async (one) => {
  const { id, input } = one;
  const expected = await call("process", id, input);
  const isRenamed = PASSAGES.get(operationOf(id).id)?.isPart === true;
  for (const name of ["http", "client", ...(isRenamed ? [] : ["mcp"])]) {
    if (!reaches(name, one)) continue;
    expect({ name, outcome: await call(name, id, input) }).toEqual({ name, outcome: expected });
  }
});

function badInputs(operation: Operation): readonly BadInput[] {
  const { id } = operation;
  const good = examples.get(id) ?? {};
  const fields = Object.entries(fieldsOf(operation));
  const nothing = fields.filter(([name]) => isRequired(operation, name));
  return [
    { what: "a field that it does not know", id, input: { ...good, nmae: "x" }, place: "nmae" },
    {
      what: "a prototype",
      id,
      input: Object.defineProperty({ ...good }, "__proto__", { value: { x: 1 }, enumerable: true }),
      place: "__proto__",
    },
    ...(nothing.length === 0 ? [] : [{ what: "nothing", id, input: {} }]),
    ...fields.flatMap(([name, schema]) =>
      wrongValues(name, schema).map((wrong) => ({
        what: `${wrong.what} for ${name}`,
        id,
        input: { ...good, [name]: wrong.value },
      })),
    ),
  ];
}

interface Schema {
  readonly type?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

/** Values that also a query and a path can say. */
function wrongValues(
  name: string,
  { type, maxLength, maxItems }: Schema,
): readonly { what: string; value: unknown }[] {
  if (type === "string" && maxLength !== undefined)
    return [{ what: `${maxLength + 1} characters`, value: "x".repeat(maxLength + 1) }];
  if (type === "integer" || type === "number") return [{ what: "a word", value: "many" }];
  if (type === "boolean") return [{ what: "a word", value: "perhaps" }];
  if (type === "object") return [{ what: "a number", value: 5 }];
  if (type === "array" && name !== "records" && maxItems !== undefined)
    return [{ what: `${maxItems + 1} items`, value: Array(maxItems + 1).fill("x") }];
  return [];
}

function schemaOf({ input }: Operation): {
  properties?: Record<string, Schema>;
  required?: string[];
} {
  return z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as never;
}

function fieldsOf(operation: Operation): Readonly<Record<string, Schema>> {
  return schemaOf(operation).properties ?? {};
}

function isRequired(operation: Operation, name: string): boolean {
  return schemaOf(operation).required?.includes(name) ?? false;
}

async function call(name: string, id: string, input: Input): Promise<Outcome> {
  const one = served.get(name);
  if (one === undefined) throw new Error(`There is no door ${name}.`);
  return outcomeOf(one.door, operationOf(id).id, input);
}

/** Everything that lists show. */
async function contentOf(name: string): Promise<unknown> {
  const { rivulet } = served.get(name) ?? {};
  return {
    experiments: (await rivulet?.experiments.search({ lifecycle: "all" }))?.items,
    runs: (await rivulet?.runs.search({ lifecycle: "all" }))?.items,
    models: (await rivulet?.models.search())?.items,
    prompts: (await rivulet?.prompts.search())?.items,
    traces: (await rivulet?.traces.search())?.items,
    datasets: (await rivulet?.datasets.search())?.items,
    evaluations: (await rivulet?.evaluations.search())?.items,
  };
}
