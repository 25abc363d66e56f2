import { createClient } from "@rivulet/client";
import { createRivulet, type Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import { createHandler } from "@rivulet/server";
import { afterAll, describe, expect, test } from "vitest";
import { SCRIPT } from "./script.ts";

const rivulet = createRivulet({ store: "memory:" });
const handler = createHandler(rivulet, { auth: "none" });
const client = createClient({
  baseUrl: "http://localhost",
  fetch: (url, init) => handler(new Request(url, init), { basePath: "/" }),
});
const run = await rivulet.runs.start();
afterAll(async () => {
  await handler.close();
  await rivulet.close();
});

type Verbs = Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>;
type Groups = Readonly<Record<string, Verbs>>;
const SIDES = { process: rivulet, client } as unknown as Readonly<Record<string, Groups>>;

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function fails(): never {
  throw new TypeError("not to be looked at");
}

const UNREADABLE: Readonly<Record<string, () => unknown>> = {
  "a revoked proxy": revoked,
  "a getter that throws": () => Object.defineProperty({}, "x", { get: fails, enumerable: true }),
  "a cycle": () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    return cycle;
  },
  "a Map": () => new Map([["a", 1]]),
  bytes: () => new Uint8Array(3),
};

const examples = new Map(SCRIPT.toReversed());

/** Its arguments, with one of them, or one option, replaced. */
function argumentsOf({ id, positional }: Operation, [name, value]: [string, unknown]): unknown[] {
  const input: Readonly<Record<string, unknown>> = { ...examples.get(id), [name]: value };
  const options = Object.entries(input).filter(([key]) => !positional.includes(key));
  return [...positional.map((key) => input[key]), Object.fromEntries(options)];
}

function verbOf(side: string, id: string): Verbs[string] {
  const [group = "", name = ""] = id.split(".");
  const verb = SIDES[side]?.[group]?.[name];
  if (verb === undefined) throw new Error(`There is no ${id}.`);
  return verb;
}

/** What takes anything. */
const takers = operations.filter(({ id }) => id !== "traces.countUnindexed");

const refused = { name: "RivuletError", details: { field: expect.any(String) } };

describe.each(Object.keys(SIDES))("%s", (side) => {
  describe.each(Object.entries(UNREADABLE))("%s", (_, make) => {
    test.each(takers)("is refused by $id, and named", async (operation) => {
      const verb = verbOf(side, operation.id);
      const takes = Math.max(1, operation.positional.length);
      const whole = Array.from({ length: takes }, make);
      await expect(verb(...whole)).rejects.toMatchObject({ ...refused, code: "invalid_argument" });
      for (const name of Object.keys(examples.get(operation.id) ?? {})) {
        const given = argumentsOf(operation, [name, make()]);
        await expect(verb(...given)).rejects.toMatchObject({
          ...refused,
          code: "invalid_argument",
        });
      }
    });
  });

  test.each([
    ["artifacts.put", { path: "a", content: revoked() }],
    ["artifacts.put", { path: revoked(), content: "text" }],
    ["artifacts.put", { path: "a", content: "text", contentType: revoked() }],
    ["artifacts.put", { path: "a", content: "text", contentType: "text/plain\nx-other: 1" }],
    ["artifacts.put", { path: "a", content: "half \ud800" }],
    ["artifacts.put", { path: Symbol("a"), content: "text" }],
    ["artifacts.get", { path: revoked() }],
  ])("what is wrong with a file is refused by %s, and named", async (id, part) => {
    await expect(verbOf(side, id)({ runId: run.id, ...part })).rejects.toMatchObject({
      ...refused,
      code: "invalid_argument",
    });
  });

  test.each(["artifacts.put", "artifacts.get"])("%s refuses nothing at all", async (id) => {
    for (const given of [undefined, null, revoked()])
      await expect(verbOf(side, id)(given)).rejects.toMatchObject(refused);
  });
});

test("what a client cannot send without losing it is refused", async () => {
  for (const lost of [new Map(), new Set(), fails, Symbol("s"), 5n, new Uint8Array(2), run])
    await expect(client.runs.create({ tags: { a: lost as never } })).rejects.toMatchObject({
      ...refused,
      code: "invalid_argument",
    });
});
