import { type ActiveRun, createRivulet, RivuletError, toRivuletError } from "@rivulet/core";
import { afterAll, expect, test } from "vitest";

const rivulet = createRivulet({ store: "memory:" });
const run = await rivulet.runs.start();
afterAll(() => rivulet.close());

function fails(): never {
  throw new Error("not to be looked at");
}

function revoked(): never {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy as never;
}

const enumerableTrap = (name: string): never =>
  Object.defineProperty({}, name, { get: fails, enumerable: true }) as never;
const trap = (name: string): never => Object.defineProperty({}, name, { get: fails }) as never;

test.each<[what: string, field: string, log: (run: ActiveRun) => void]>([
  ["metrics that cannot be read", "metrics", ({ logMetrics }) => logMetrics(revoked())],
  ["metrics that are none", "metrics", ({ logMetrics }) => logMetrics([1] as never)],
  ["options that cannot be read", "options", ({ logMetric }) => logMetric("a", 1, trap("step"))],
  ["a step that is not named", "options", ({ logMetric }) => logMetric("a", 1, 5 as never)],
  ["null as options", "options", ({ logMetric }) => logMetric("a", 1, null as never)],
  ["a metric that cannot be read", "a", ({ logMetrics }) => logMetrics(enumerableTrap("a"))],
])("%s are told of by name, and throw nothing", async (_, field, log) => {
  const errors: Error[] = [];
  const client = createRivulet({ store: "memory:", onError: (error) => errors.push(error) });
  log(await client.runs.start());
  await client.close();
  expect(errors).toEqual([
    expect.objectContaining({
      name: "RivuletError",
      code: "invalid_argument",
      details: expect.objectContaining({ field }),
    }),
  ]);
});

test("options of a file that cannot be read are refused, and named", async () => {
  await expect(run.logFigure("a.svg", revoked())).rejects.toMatchObject({
    code: "invalid_argument",
    message: "figure: cannot be read",
  });
  await expect(run.logImage(revoked(), { key: "a" })).rejects.toMatchObject({
    code: "invalid_argument",
    message: "image: cannot be read",
  });
  await expect(run.logArtifact("a.txt", "text", revoked())).rejects.toMatchObject({
    code: "invalid_argument",
    details: { field: "options" },
  });
});

test("an artifact's stream fails with the app's own error", async () => {
  const own = new Error("the app's");
  const content = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(own) });
  await expect(run.logArtifact("a.txt", content)).rejects.toBe(own);
});

test("a client whose options cannot be read is refused", () => {
  const option = (name: string, value: object): object => ({ store: "memory:", [name]: value });
  const getter = Object.defineProperty({}, "mask", { get: fails, enumerable: true });
  for (const options of [revoked(), option("tracing", revoked()), option("tracing", getter)])
    expect(() => createRivulet(options as never)).toThrow(
      expect.objectContaining({ name: "RivuletError", code: "invalid_argument" }),
    );
});

test.each([
  ["filter", { filter: "name = " }],
  ["orderBy", { orderBy: ["nmae"] }],
])("what is wrong with the language of %s is named", async (field, query) => {
  await expect(rivulet.runs.search(query)).rejects.toMatchObject({
    code: "invalid_argument",
    details: { field, position: expect.any(Number) },
  });
});

test.each<[what: string, thrown: () => unknown, message: string]>([
  ["a revoked proxy", revoked, "unreadable error"],
  ["an object without a prototype", () => Object.create(null), "unreadable error"],
  ["a message that is no text", () => Object.assign(new Error(), { message: 429 }), "429"],
  [
    "a message that throws",
    () => Object.defineProperty(new Error(), "message", { get: fails }),
    "unreadable error",
  ],
])("%s, thrown, becomes an error that can be told of", async (_, make, message) => {
  const thrown = make();
  expect(thrown instanceof RivuletError).toBe(false);
  expect(toRivuletError(thrown)).toMatchObject({ code: "internal", message });
  const told: string[] = [];
  const client = createRivulet({ store: "memory:", onError: (error) => told.push(error.message) });
  client.reportError(thrown);
  await client.close();
  expect(told).toEqual([message]);
});

test.each([
  [{ params: { a: "x".repeat(6_001) } }, "a: must have at most 6000 characters"],
  [{ params: { a: { b: [new Map()] } } }, "params.a.b.0: is a Map, which JSON cannot hold"],
  [{ tags: { a: ["b"] } }, "a: must be text, a finite number, true or false"],
  [{ metrics: [{ key: "a", value: "b" }] }, "value: must be a number, NaN, Infinity or -Infinity"],
])(
  "where several kinds of values are taken, the problem is that of the nearest",
  async (part, says) => {
    await expect(
      rivulet.runs.logBatch({ runId: run.id, ...(part as object) }),
    ).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(`${says}$`),
    });
  },
);
