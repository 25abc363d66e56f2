import { type FinishedSpan, LIMITS, type Operation, type Rivulet } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { sharedClient } from "./client.ts";

/** Has room for four billion items, and holds none: whoever walks through it does not come back. */
const ENDLESS: never = new Array(2 ** 32 - 1) as never;

interface JsonSchema {
  readonly type?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function takesList({ type, anyOf = [] }: JsonSchema): boolean {
  return type === "array" || anyOf.some(takesList);
}

/** Every field of an operation that takes a list. */
const FIELDS: readonly (readonly [string, Operation])[] = operations.flatMap((operation) => {
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
  const { properties = {} } = schema as JsonSchema;
  const lists = Object.entries(properties).filter(([, property]) => takesList(property));
  return lists.map(([name]) => [name, operation] as const);
});

const SPAN: FinishedSpan = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  id: "b7ad6b7169203331",
  name: "request",
  startTime: 0,
  endTime: 1,
};

/** What else is needed, where an error could not name all that is missing. */
const REST: Readonly<Record<string, object>> = {
  "datasets.addTraces": { name: "questions" },
  "models.setGates": { name: "iris" },
  "webhooks.update": { id: "none" },
  "prompts.setAlias": { name: "greeting", alias: "live", version: 1 },
  "prompts.setSplit": { name: "greeting", alias: "live", arms: [] },
};

describe("a list that is too long is refused by its length, before its items are looked at", () => {
  const client = sharedClient();

  test.each(FIELDS.map(([field, operation]) => [operation.id, field, operation] as const))(
    "%s, %s",
    async (_id, field, operation) => {
      const call = async (): Promise<unknown> =>
        operation.run(client(), { ...REST[operation.id], [field]: ENDLESS } as never);
      await expect(call()).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`\\b${field}: .*at most \\d+`)),
      });
    },
  );

  test.each<[string, (rivulet: Rivulet) => Promise<unknown>, string]>([
    [
      "the spans of traces.record",
      ({ traces }) => traces.record(ENDLESS),
      "spans: must be at most 10000 spans at once",
    ],
    [
      "the events of a span",
      ({ traces }) => traces.record([{ ...SPAN, events: ENDLESS }]),
      "spans.0.events: at most 10000 at once",
    ],
    [
      "the prompts of a span",
      ({ traces }) => traces.record([{ ...SPAN, prompts: ENDLESS }]),
      "spans.0.prompts: at most 10000 at once",
    ],
    [
      "the examples of an evaluation",
      ({ evaluate }) => evaluate({ data: ENDLESS, task: () => 1, scorers: [] }),
      `evaluate.data: must be a dataset's name or a list of at most ${LIMITS.records} examples`,
    ],
    [
      "the scorers of an evaluation",
      ({ evaluate }) => evaluate({ data: [{ inputs: 1 }], task: () => 1, scorers: ENDLESS }),
      "evaluate.scorers: must be at most 1000 functions",
    ],
  ])("%s", async (_what, call, message) => {
    await expect(call(client())).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(message),
    });
  });
});
