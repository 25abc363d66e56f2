import { createReadStream } from "node:fs";
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

const SHARED = { a: 1 };

/** A list in a list, so often. */
function deep(levels: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

function* aGenerator(): Generator<Uint8Array> {
  yield Uint8Array.of(1);
  yield Uint8Array.of(2, 3);
}

async function* anAsyncGenerator(): AsyncGenerator<Uint8Array | string> {
  yield "a";
  yield Uint8Array.of(0);
}

const resizable = new ArrayBuffer(2, { maxByteLength: 8 });
new Uint8Array(resizable).set([1, 2]);

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
    ["a generator", aGenerator(), [1, 2, 3], BINARY],
    ["an async generator", anAsyncGenerator(), [97, 0], BINARY],
    ["a view of shared memory", new Uint8Array(shared, 1), [8], BINARY],
    ["a buffer that can grow", resizable, [1, 2], BINARY],
    ["a file whose name tells its type", new File(["x"], "a.png"), [120], "image/png"],
    ["a stream of nothing", Readable.from([]), [], BINARY],
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
    ["keeps the sign of zero", [0, -0], [0, -0]],
    ["may hold an object twice", (() => [SHARED, SHARED])(), [{ a: 1 }, { a: 1 }]],
    [
      "keeps a key that means a prototype",
      JSON.parse('{"__proto__":{"a":1}}'),
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
    ["is of plain objects of any realm", runInNewContext("({ a: [1, null] })"), { a: [1, null] }],
    ["may have no prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["keeps half a surrogate pair", ["\ud800"], ["\ud800"]],
    ["is null", null, null],
  ])("%s", async (_, content, expected) => {
    const [bytes, contentType] = await bytesOf(content);
    expect([JSON.parse(Buffer.from(bytes).toString()), contentType]).toEqual([
      expected,
      "application/json",
    ]);
  });

  test.each<readonly [string, unknown, string]>([
    ["a Map", new Map([[1, 2]]), "content is a Map, which JSON cannot hold"],
    ["a Set inside", { a: [new Set()] }, "content.a[0] is a Set, which JSON cannot hold"],
    [
      "a function of a layer",
      { layers: [1, 2, 3, { activation: () => 1 }] },
      "content.layers[3].activation is a function, which JSON cannot hold",
    ],
    [
      "bytes inside",
      { "w 1": { b: Buffer.from("x") } },
      'content["w 1"].b is a Buffer, and JSON cannot hold bytes: store them as an artifact of their own',
    ],
    [
      "an ArrayBuffer inside",
      [new ArrayBuffer(1)],
      "content[0] is an ArrayBuffer, and JSON cannot hold bytes: store them as an artifact of their own",
    ],
    [
      "a blob inside",
      [new Blob([])],
      "content[0] is a Blob, and JSON cannot hold bytes: store them as an artifact of their own",
    ],
    ["a forgotten promise", Promise.resolve(1), "content is a Promise: await it first"],
    ["a promise inside", { a: Promise.resolve(1) }, "content.a is a Promise: await it first"],
    ["an instance of a class", new Model(), "content is a Model, which JSON cannot hold"],
    ["an error", new Error("x"), "content is an Error, which JSON cannot hold"],
    ["a regular expression", { a: /x/ }, "content.a is a RegExp, which JSON cannot hold"],
    [
      "a date",
      { at: new Date(0) },
      "content.at is a Date, which JSON turns into text: use its toISOString()",
    ],
    ["a boxed number", [Object(1)], "content[0] is a Number, which JSON cannot hold"],
    ["NaN", { loss: [1, Number.NaN] }, "content.loss[1] is NaN, which JSON cannot hold"],
    ["an infinity", [-1 / 0], "content[0] is -Infinity, which JSON cannot hold"],
    ["a bigint", { n: 1n }, "content.n is a bigint, which JSON cannot hold"],
    ["a symbol", [Symbol("s")], "content[0] is a symbol, which JSON cannot hold"],
    [
      "a symbol for a key",
      { [Symbol("s")]: 1 },
      "content has the key Symbol(s), a symbol, which JSON leaves out",
    ],
    [
      "nothing",
      undefined,
      "content is undefined, which JSON leaves out: leave it out, or use null",
    ],
    [
      "a member that is undefined",
      { a: { b: undefined, c: 1 } },
      "content.a.b is undefined, which JSON leaves out: leave it out, or use null",
    ],
    [
      "undefined in a list",
      [undefined],
      "content[0] is undefined, which JSON leaves out: leave it out, or use null",
    ],
    ["holes", new Array(3), "content has holes, or properties besides its items"],
    [
      "a list with a property",
      Object.assign([1], { x: 1 }),
      "content has holes, or properties besides its items",
    ],
    [
      "an accessor",
      {
        get a(): number {
          return 1;
        },
      },
      "content.a is an accessor: give its value",
    ],
    [
      "what is hidden",
      Object.defineProperty({}, "a", { value: 1 }),
      "content.a is hidden, so JSON leaves it out",
    ],
    [
      "what writes itself",
      { a: { toJSON: () => 1 } },
      "content.a.toJSON is a function, which JSON calls instead",
    ],
    [
      "what holds itself",
      (() => {
        const a: Record<string, unknown> = {};
        a["b"] = { a };
        return a;
      })(),
      "content.b.a is one of the objects that it is in: a cycle",
    ],
    ["an endless depth", deep(2000), "content[0][0][0][0][0] is nested too deeply"],
  ])("refuses %s with its place", async (_, content, problem) => {
    await expect(bytesOf(content)).rejects.toMatchObject({
      code: "invalid_argument",
      message: `The artifact "made/of" cannot be stored as it is: ${problem}.`,
    });
  });

  test("is made of values of an interface, as of any others", async () => {
    interface Config {
      readonly lr: number;
      readonly layers: readonly { readonly units: number }[];
    }
    const config: Config = { lr: 0.1, layers: [{ units: 3 }] };
    await run.logArtifact("config.json", config);
    const { content } = await rivulet.artifacts.get({ runId: run.id, path: "config.json" });
    expect(JSON.parse(Buffer.from(content).toString())).toEqual(config);
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

test("a stream that fails in the middle leaves no artifact and no file, and its own error", async () => {
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    for (let count = 0; count < 3; count += 1) yield new Uint8Array(1_500_000).fill(count);
    throw new Error("the sensor is gone");
  };
  await expect(run.logArtifact("broken/a", failing())).rejects.toThrow("the sensor is gone");
  expect(await rivulet.artifacts.list({ runId: run.id, prefix: "broken" })).toEqual([]);
});

test("a file that cannot be opened is the app's error, and ends nothing else", async () => {
  const stream = createReadStream("/there/is/no/such/file");
  await expect(run.logArtifact("none", stream)).rejects.toMatchObject({ code: "ENOENT" });
});

describe("what would be lost without a word is refused:", () => {
  const refused = async (content: unknown): Promise<string> => {
    const error = await run
      .logArtifact("lost", content as string)
      .then(() => new Error("it was stored"))
      .catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: "invalid_argument" });
    return error.message;
  };

  test("a view of a buffer that has shrunk under it", async () => {
    const buffer = new ArrayBuffer(24, { maxByteLength: 64 });
    const views = [new Uint8Array(buffer, 8, 8), new Float32Array(buffer, 8, 2)];
    buffer.resize(4);
    for (const view of views) {
      expect(await refused(view)).toBe(
        'The content of the artifact "lost" is a view of a buffer that has become too short for it.',
      );
    }
    expect(await bytesOf(new Uint8Array(0))).toEqual([[], BINARY]);
  });

  test("a stream that was read to its end before; what is left of one is stored", async () => {
    const nothingLeft =
      'The content of the artifact "lost" is a stream that was read before, and has nothing left.';
    const ofNode = Readable.from([Buffer.from("a")]);
    await ofNode.toArray();
    expect(await refused(ofNode)).toBe(nothingLeft);
    const begun = new ReadableStream({
      start(controller) {
        for (const part of ["head", "rest"]) controller.enqueue(part);
        controller.close();
      },
    });
    const reader = begun.getReader();
    await reader.read();
    expect(await refused(begun)).toBe(
      'The content of the artifact "lost" is being read by something else.',
    );
    reader.releaseLock();
    expect(await bytesOf(begun)).toEqual([[...Buffer.from("rest")], BINARY]);
    expect(await refused(begun)).toBe(nothingLeft);
    expect(await bytesOf(new Blob([]).stream())).toEqual([[], BINARY]);
  });

  test("half a character that no chunk of text completes; one that is cut between two is whole", async () => {
    const grin = "\u{1F600}";
    const texts = (...parts: readonly unknown[]): Readable => Readable.from(parts);
    const [high, low] = [grin.charAt(0), grin.charAt(1)];
    const whole = [[...Buffer.from(`a${grin}b${grin}`)], BINARY];
    expect(await bytesOf(texts(`a${high}`, `${low}b${high}`, "", low))).toEqual(whole);
    const lone = /contains a lone surrogate/;
    expect(await refused(texts(`a${high}`))).toMatch(lone);
    expect(await refused(texts(`a${high}`, "b"))).toMatch(lone);
    expect(await refused(texts(high, Buffer.from("b")))).toMatch(lone);
    expect(await refused(texts("a", low))).toMatch(lone);
  });
});
