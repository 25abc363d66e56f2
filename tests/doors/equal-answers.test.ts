import { operations } from "@rivulet/core/operations";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOORS, type Outcome, outcomeOf, type Served, serve } from "./door.ts";
import { PASSAGES } from "./mcp-door.ts";
import { operationOf } from "./operation-of.ts";
import { SCRIPT, seed } from "./script.ts";

/** What each call gave in the process, which the doors are held against. */
const expected: Outcome[] = [];

beforeAll(async () => {
  for (const outcome of await play("process")) expected.push(outcome);
});

test("every operation is called, and gives something", () => {
  const called = new Set(SCRIPT.map(([id]) => id));
  expect([...called].sort()).toEqual(operations.map(({ id }) => id).sort());
  const failed = SCRIPT.flatMap(([id], index) => ("code" in (expected[index] ?? {}) ? [id] : []));
  expect(failed).toEqual(["artifacts.delete", "traces.deleteAssessment"]);
});

describe.each(Object.keys(DOORS).filter((name) => name !== "process"))("%s", (name) => {
  let outcomes: readonly Outcome[] = [];
  beforeAll(async () => {
    outcomes = await play(name);
  });

  // What no tool offers, that door calls in the process.
  const called = SCRIPT.map(([id], index) => [id, index] as const).filter(
    ([id]) => name !== "mcp" || PASSAGES.has(operationOf(id).id),
  );
  test.each(called)("%s answers as in the process", (...given) => {
    const [id, index] = given;
    const shown = name === "mcp" ? shownByTool(id, expected[index]) : expected[index];
    const answered = name === "client" ? shown : named(shown);
    expect({ id, outcome: outcomes[index] }).toEqual({ id, outcome: answered });
  });
});

const opened: Served[] = [];
afterAll(() => Promise.all(opened.map(({ close }) => close())));

async function play(name: string): Promise<readonly Outcome[]> {
  const served = serve(DOORS[name] ?? fail(name));
  opened.push(served);
  await seed(served.rivulet);
  const outcomes: Outcome[] = [];
  for (const [id, input] of SCRIPT) outcomes.push(await outcomeOf(served.door, id, input));
  expect(served.errors).toEqual([]);
  return outcomes;
}

function fail(name: string): never {
  throw new Error(`There is no door ${name}.`);
}

/** What a tool shows of an answer, where it shows less. */
function shownByTool(id: string, outcome: Outcome | undefined): unknown {
  const { shown } = PASSAGES.get(operationOf(id).id) ?? {};
  if (shown === undefined || outcome === undefined || "code" in outcome) return outcome;
  return { answer: shown(outcome.answer) };
}

/** JSON has no NaN and no infinities: there they are named. */
function named(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one)]));
}
