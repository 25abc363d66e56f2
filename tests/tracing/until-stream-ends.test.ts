import { type ActiveSpan, openStore } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { openClient, openFileClient } from "./client.ts";

const { rivulet } = openFileClient();
const until = { untilStreamEnds: true } as const;

/** A class of streams, as libraries have them. */
class Words extends ReadableStream<string> {
  first(): string {
    return "one";
  }
}

function words(after: () => void = () => undefined): Words {
  const rest = ["one", "two"];
  return new Words({
    pull(controller) {
      const next = rest.shift();
      if (next !== undefined) return controller.enqueue(next);
      after();
      controller.close();
    },
  });
}

/** An iterable that is no generator, as the clients of OpenAI and Anthropic have. */
function iterable(after?: () => void): AsyncIterable<string> {
  return { [Symbol.asyncIterator]: () => words(after)[Symbol.asyncIterator]() };
}

function response(after?: () => void): Response {
  const body = words(after).pipeThrough(new TextEncoderStream());
  return new Response(body, {
    status: 201,
    statusText: "Made",
    headers: { "x-kind": "words" },
  });
}

function boom(): never {
  throw new Error("boom");
}

const SHAPES = [
  ["a ReadableStream", words, (given: unknown) => given as Words],
  ["an async iterable", iterable, (given: unknown) => given as AsyncIterable<string>],
  ["a response", response, bodyOf],
] as const;

function bodyOf(given: unknown): ReadableStream<string> {
  const { body } = given as Response;
  if (body === null) throw new Error("The response has no body.");
  return body.pipeThrough(new TextDecoderStream() as never);
}

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const items: string[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Runs work in a span, which the test looks at. */
function within<T>(work: () => T): { readonly span: ActiveSpan; readonly result: T } {
  let span: ActiveSpan | undefined;
  const result = rivulet.withSpan(
    "work",
    (own) => {
      span = own;
      return work();
    },
    until,
  );
  if (span === undefined) throw new Error("The work did not run.");
  return { span, result };
}

async function stored({ traceId }: ActiveSpan) {
  await rivulet.flush();
  return (await rivulet.traces.loadSpans(traceId))[0];
}

test.each(SHAPES)("the span of %s ends with it", async (_, make, open) => {
  const { span, result } = within(() => make());

  expect(span.ended).toBe(false);
  expect(await collect(open(result))).toEqual(["one", "two"]);
  expect(await stored(span)).toMatchObject({ status: "ok" });
});

test.each(SHAPES)("the span of the promise of %s ends with it", async (_, make, open) => {
  const { span, result } = within(async () => make());
  const given = await result;

  expect(span.ended).toBe(false);
  await collect(open(given));
  expect(span.ended).toBe(true);
});

test.each(SHAPES)("the span of %s that breaks has its error", async (_, make, open) => {
  const { span, result } = within(() => make(boom));

  await expect(collect(open(result))).rejects.toThrow("boom");
  expect(await stored(span)).toMatchObject({ status: "error", statusMessage: "boom" });
});

test.each(SHAPES)("the span of %s that is left is cancelled", async (_, make, open) => {
  const { span, result } = within(() => make());

  for await (const item of open(result)) if (item === "one") break;

  expect(await stored(span)).toMatchObject({
    status: "cancelled",
    statusMessage: "The consumer stopped reading.",
  });
});

test("a stream keeps its class, a response its status and headers, an iterable is the same", () => {
  const own = iterable();

  expect(within(() => words()).result.first()).toBe("one");
  expect(within(() => own).result).toBe(own);
  const { status, statusText, headers } = within(() => response()).result;
  expect([status, statusText, headers.get("x-kind")]).toEqual([201, "Made", "words"]);
});

const locked = words();
locked.getReader();
test.each([
  ["no stream", { a: 1 }],
  ["a response without a body", new Response(null, { status: 204 })],
  ["a stream that is read already", locked],
  ["an iterable that is frozen", Object.freeze(iterable())],
  ["an object that cannot be read", new Proxy({}, { get: boom, getPrototypeOf: boom })],
])("the span of %s ends at once, and the app gets it as it is", (_, given: object) => {
  const { span, result } = within(() => given);

  expect(result).toBe(given);
  expect(span.ended).toBe(true);
});

test("a stream that is open when the client is closed is abandoned at once", async () => {
  const store = await openStore("memory:");
  onTestFinished(() => store.close());
  const shared = { ...store, close: () => Promise.resolve() };
  const client = openClient({}, { store: shared });
  let traceId = "";
  const work = (span: ActiveSpan): Words => {
    ({ traceId } = span);
    return words();
  };
  const stream = client.rivulet.withSpan("work", work, until);

  await client.rivulet.close();

  const [span] = await openClient({}, { store: shared }).rivulet.traces.loadSpans(traceId);
  expect(span).toMatchObject({
    status: "abandoned",
    statusMessage: "The client was closed before the end.",
  });
  expect(stream.locked).toBe(false);
});

test("without being asked, a span ends before its stream", () => {
  let span: ActiveSpan | undefined;
  const stream = words();

  const result = rivulet.withSpan("work", (own) => {
    span = own;
    return stream;
  });
  expect(result).toBe(stream);
  expect(span?.ended).toBe(true);
});
