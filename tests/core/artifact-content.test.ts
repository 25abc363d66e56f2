import { Readable } from "node:stream";
import { runInNewContext } from "node:vm";
import { createRivulet } from "@rivulet/core";
import { afterAll, describe, expect, test } from "vitest";
import { refusal } from "./client.ts";

const rivulet = createRivulet({ store: "memory:" });
const run = await rivulet.runs.start();
afterAll(() => rivulet.close());

const bytesOf = async (content: unknown): Promise<readonly [number[], string]> => {
  // What JavaScript passes, types or not.
  await run.logArtifact("made/of", content as string);
  const kept = await rivulet.artifacts.get({ runId: run.id, path: "made/of" });
  return [[...kept.content], kept.contentType];
};

const shared = new SharedArrayBuffer(2);
new Uint8Array(shared).set([7, 8]);
const BINARY = "application/octet-stream";

class Model {
  readonly name = "net";
  readonly #weights = [1, 2];
  sum(): number {
    return this.#weights.length;
  }
}

describe("an artifact's bytes stay as they are", () => {
  test.each<readonly [string, unknown, number[], string]>([
    ["an ArrayBuffer", Uint8Array.of(1, 2, 255).buffer, [1, 2, 255], BINARY],
    ["a SharedArrayBuffer", shared, [7, 8], BINARY],
    ["a DataView of a part", new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2), [2, 3], BINARY],
    ["a Float32Array", Float32Array.of(1), [0, 0, 128, 63], BINARY],
    ["a BigInt64Array", BigInt64Array.of(-1n), [255, 255, 255, 255, 255, 255, 255, 255], BINARY],
    ["a part of a Buffer's pool", Buffer.from("xyz").subarray(1), [121, 122], BINARY],
    ["a typed array of another realm", runInNewContext("Uint16Array.of(258)"), [2, 1], BINARY],
    ["a buffer of another realm", runInNewContext("Uint8Array.of(5).buffer"), [5], BINARY],
    ["a blob without a type", new Blob(["hi"]), [104, 105], BINARY],
    ["a blob with a type", new Blob(["hi"], { type: "image/png" }), [104, 105], "image/png"],
    ["a file", new File([Uint8Array.of(9)], "f.bin"), [9], BINARY],
    ["a Node stream", Readable.from([Buffer.from("a"), "ü"]), [97, 195, 188], BINARY],
    ["a web stream", new Blob([Uint8Array.of(3, 4)]).stream(), [3, 4], BINARY],
    ["an empty buffer", new ArrayBuffer(0), [], BINARY],
  ])("%s", async (_, content, ...kept) => {
    expect(await bytesOf(content)).toEqual(kept);
  });

  test("as they were when it was logged, whatever is written into them afterwards", async () => {
    const weights = Float32Array.of(1);
    const logged = run.logArtifact("model/weights", weights);
    weights[0] = 2;
    await logged;
    const { content } = await rivulet.artifacts.get({ runId: run.id, path: "model/weights" });
    expect([...content]).toEqual([0, 0, 128, 63]);
  });
});

describe("an artifact's JSON", () => {
  test.each<readonly [string, unknown, unknown]>([
    ["leaves out what is undefined", { a: { b: undefined, c: 1 } }, { a: { c: 1 } }],
    ["has dates as they write themselves", { at: new Date(0) }, { at: "1970-01-01T00:00:00.000Z" }],
    [
      "keeps a key that means a prototype",
      JSON.parse('{"__proto__":{"a":1}}'),
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
    ["is of plain objects of any realm", runInNewContext("({ a: [1, null] })"), { a: [1, null] }],
    ["may have no prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["has U+FFFD for half a surrogate pair", ["\ud800"], ["\ufffd"]],
    ["is null", null, null],
  ])("%s", async (_, content, expected) => {
    const [bytes, contentType] = await bytesOf(content);
    expect([JSON.parse(Buffer.from(bytes).toString()), contentType]).toEqual([
      expected,
      "application/json",
    ]);
  });

  test.each<readonly [string, unknown, RegExp]>([
    ["a Map", new Map([[1, 2]]), /^artifact\.content: is a Map, which JSON cannot hold$/],
    [
      "a Set inside",
      { a: [new Set()] },
      /^artifact\.content\.a\.0: is a Set, which JSON cannot hold$/,
    ],
    [
      "bytes inside",
      { w: { b: Buffer.from("x") } },
      /^artifact\.content\.w\.b: is a Buffer: JSON cannot hold bytes$/,
    ],
    [
      "an ArrayBuffer inside",
      [new ArrayBuffer(1)],
      /^artifact\.content\.0: is an ArrayBuffer: JSON/,
    ],
    ["a blob inside", [new Blob([])], /^artifact\.content\.0: is a Blob: JSON cannot hold bytes$/],
    [
      "a forgotten promise",
      Promise.resolve(1),
      /^artifact\.content is a promise: await it first\.$/,
    ],
    [
      "a promise inside",
      { a: Promise.resolve(1) },
      /^artifact\.content\.a: is a Promise, which JSON/,
    ],
    [
      "an instance of a class",
      new Model(),
      /^artifact\.content: is a Model, which JSON cannot hold$/,
    ],
    ["an error", new Error("x"), /^artifact\.content: is an Error, which JSON cannot hold$/],
    ["a regular expression", { a: /x/ }, /^artifact\.content\.a: is a RegExp, which JSON/],
    [
      "NaN",
      { loss: [1, Number.NaN] },
      /^artifact\.content\.loss\.1: is NaN, which JSON cannot hold$/,
    ],
    ["a bigint", { n: 1n }, /^artifact\.content\.n: is a bigint, which JSON cannot hold$/],
    ["a function", { f: () => 1 }, /^artifact\.content\.f: is a function, which JSON cannot hold$/],
    [
      "a symbol for a key",
      { [Symbol("s")]: 1 },
      /^artifact\.content\.Symbol\(s\): has a symbol for its key/,
    ],
    ["nothing", undefined, /^artifact\.content: is undefined: expected a JSON value$/],
    [
      "undefined in a list",
      [undefined],
      /^artifact\.content\.0: is undefined: expected a JSON value$/,
    ],
    ["holes", new Array(3), /^artifact\.content: has holes, or properties besides its items$/],
    [
      "a list with a property",
      Object.assign([1], { x: 1 }),
      /^artifact\.content: has holes, or properties/,
    ],
    [
      "a getter that throws",
      {
        get a(): never {
          throw new Error("boo");
        },
      },
      /^artifact\.content\.a: cannot be read: boo$|^artifact\.content: cannot be read: boo$/,
    ],
    [
      "what holds itself",
      (() => {
        const a: Record<string, unknown> = {};
        a["a"] = a;
        return a;
      })(),
      /is nested too deeply$/,
    ],
  ])("refuses %s with its place", async (_, content, message) => {
    await expect(bytesOf(content)).rejects.toMatchObject(refusal("invalid_argument", message));
  });
});

test("an artifact's text that UTF-8 cannot hold is refused", async () => {
  await expect(bytesOf("a\ud800b")).rejects.toMatchObject(
    refusal("invalid_argument", /a lone surrogate, which UTF-8 cannot represent/),
  );
});

test("an artifact's buffer that was transferred away is refused", async () => {
  const buffer = new ArrayBuffer(4);
  structuredClone(buffer, { transfer: [buffer] });
  await expect(bytesOf(buffer)).rejects.toMatchObject(
    refusal("invalid_argument", /has been transferred and has no bytes any more/),
  );
});

test("a stream of something other than bytes is refused, and leaves no artifact", async () => {
  await expect(run.logArtifact("stream", Readable.from([{ a: 1 }]) as never)).rejects.toMatchObject(
    refusal("invalid_argument", /a stream of something other than bytes/),
  );
  expect(await rivulet.artifacts.list({ runId: run.id, prefix: "stream" })).toEqual([]);
});
