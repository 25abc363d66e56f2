import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createClient, type RivuletClient } from "@rivulet/client";
import { createRivulet } from "@rivulet/core";
import { createHandler } from "@rivulet/server";
import { toNodeListener } from "@rivulet/server/node";
import { expect, onTestFinished, test } from "vitest";

/** A client of a server on a port of this machine, and a run. */
async function aClient(): Promise<{ readonly client: RivuletClient; readonly runId: string }> {
  const rivulet = createRivulet({ store: "memory:" });
  const handler = createHandler(rivulet, { auth: "none", maxArtifactBytes: 1_000_000 });
  const server = createServer(toNodeListener(handler)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await handler.close();
    await rivulet.close();
  });
  const { port } = server.address() as AddressInfo;
  const { id } = await rivulet.runs.create();
  return { client: createClient({ baseUrl: `http://127.0.0.1:${port}` }), runId: id };
}

const CONTENT = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 31) % 251);
/** The same bytes, beginning in the middle of a buffer. */
const MIDDLE = new ArrayBuffer(CONTENT.length + 16);
new Uint8Array(MIDDLE).set(CONTENT, 8);

function shared(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(CONTENT.length);
  new Uint8Array(memory).set(CONTENT);
  return memory;
}

function growable(): ArrayBuffer {
  const buffer = new ArrayBuffer(CONTENT.length, { maxByteLength: 2 * CONTENT.length });
  new Uint8Array(buffer).set(CONTENT);
  return buffer;
}

function streamOf(parts: readonly unknown[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

async function* parts(): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < CONTENT.length; from += 10_001) {
    yield CONTENT.subarray(from, from + 10_001);
  }
}

test.each<[string, () => unknown]>([
  ["a Buffer", () => Buffer.from(CONTENT)],
  ["a part of a buffer", () => new Uint8Array(MIDDLE, 8, CONTENT.length)],
  ["numbers of 64 bits", () => new Float64Array(MIDDLE, 8, CONTENT.length / 8)],
  ["bigints", () => new BigUint64Array(MIDDLE, 8, CONTENT.length / 8)],
  ["a DataView", () => new DataView(MIDDLE, 8, CONTENT.length)],
  ["an ArrayBuffer", () => CONTENT.buffer],
  ["an ArrayBuffer that can grow", growable],
  ["a view of one that can grow", () => new Uint8Array(growable())],
  ["shared memory", shared],
  ["a view of shared memory", () => new Uint8Array(shared())],
  ["a Blob", () => new Blob([CONTENT])],
  ["a File", () => new File([CONTENT], "a.bin")],
  ["a stream of the web", () => new Blob([CONTENT]).stream()],
  ["a stream of buffers", () => streamOf([CONTENT.buffer])],
  ["a stream of shared memory", () => streamOf([new Uint8Array(shared())])],
  ["a stream of Node", () => Readable.from(parts())],
  ["a generator", parts],
])("%s arrives byte for byte", async (_, make) => {
  const { client, runId } = await aClient();
  const key = { runId, path: "a.bin" };
  await client.artifacts.put({ ...key, content: make() as Blob });
  expect(await (await client.artifacts.get(key)).bytes()).toEqual(CONTENT);
});

test("streams may give text, which becomes UTF-8, and nothing at all", async () => {
  const { client, runId } = await aClient();
  const content = streamOf(["grö", "ße,1\n"]);
  await client.artifacts.put({ runId, path: "a.csv", content });
  expect(await (await client.artifacts.get({ runId, path: "a.csv" })).text()).toBe("größe,1\n");
  const nothing = streamOf([]);
  expect(await client.artifacts.put({ runId, path: "b", content: nothing })).toMatchObject({
    size: 0,
  });
});

function transferred(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function transferredView(): Uint8Array {
  const view = new Uint8Array(8);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

function shrunk(): Uint8Array {
  const buffer = new ArrayBuffer(8, { maxByteLength: 8 });
  const view = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  return view;
}

async function readStream(): Promise<ReadableStream> {
  const stream = new Blob(["abc"]).stream();
  await new Response(stream).bytes();
  return stream;
}

async function readReadable(): Promise<Readable> {
  const stream = Readable.from([Buffer.from("abc")]);
  await stream.toArray();
  return stream;
}

function locked(): ReadableStream {
  const stream = new Blob(["abc"]).stream();
  stream.getReader();
  return stream;
}

test.each<[string, () => unknown, RegExp]>([
  ["a buffer that was transferred", transferred, /was transferred or has shrunk/],
  ["a view of one", transferredView, /was transferred or has shrunk/],
  ["a view behind the end of its buffer", shrunk, /was transferred or has shrunk/],
  ["a stream that was read", readStream, /was read before/],
  ["a stream of Node that was read", readReadable, /was read before/],
  ["a stream that is being read", locked, /is being read/],
  ["a stream of numbers", () => streamOf([1]), /something other than bytes or text/],
  ["a stream of half a character", () => streamOf(["\ud800"]), /lone surrogate/],
  ["a list of bytes", () => [1, 2], /must be text or bytes/],
])("%s is refused, and nothing is stored", async (_, make, message) => {
  const { client, runId } = await aClient();
  const content = (await make()) as Blob;
  await expect(client.artifacts.put({ runId, path: "a.bin", content })).rejects.toMatchObject({
    code: "invalid_argument",
    message: expect.stringMatching(message),
    details: { field: "artifact.content" },
  });
  expect(await client.artifacts.list({ runId })).toEqual([]);
});

test("what a stream fails with in the middle is the error, and nothing is stored", async () => {
  const { client, runId } = await aClient();
  const failure = new Error("the disk is gone");
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield CONTENT;
    throw failure;
  }
  await expect(client.artifacts.put({ runId, path: "a.bin", content: failing() })).rejects.toBe(
    failure,
  );
  expect(await client.artifacts.list({ runId })).toEqual([]);
});

/** Parts without an end. */
function endless(): { readonly content: AsyncIterable<Uint8Array>; readonly ended: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* content(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield CONTENT;
    } finally {
      resolve();
    }
  }
  return { content: content(), ended: promise };
}

test("a stream without an end is ended by the signal, and closed", async () => {
  const { client, runId } = await aClient();
  const controller = new AbortController();
  async function* content(): AsyncGenerator<Uint8Array> {
    try {
      yield CONTENT;
      controller.abort();
      for (;;) yield new Uint8Array(1);
    } finally {
      closed.resolve();
    }
  }
  const closed = Promise.withResolvers<void>();
  const artifact = { runId, path: "a.bin", content: content() };
  await expect(client.withSignal(controller.signal).artifacts.put(artifact)).rejects.toMatchObject({
    code: "aborted",
  });
  await closed.promise;
  expect(await client.artifacts.list({ runId })).toEqual([]);
});

test.each([
  ["for a run that is not there", "none", "not_found"],
  ["that is larger than the server takes", undefined, "limit_exceeded"],
])("a stream without an end, %s, is answered and closed", async (_, other, code) => {
  const { client, runId } = await aClient();
  const { content, ended } = endless();
  const artifact = { runId: other ?? runId, path: "a.bin", content };
  await expect(client.artifacts.put(artifact)).rejects.toMatchObject({ code });
  await ended;
  expect(await client.artifacts.list({ runId })).toEqual([]);
});
