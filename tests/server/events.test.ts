import type { Rivulet, StoreChange } from "@rivulet/core";
import type { Handler } from "@rivulet/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aHandler, anApi, LOCAL } from "./api-client.ts";

describe("with a clock of our own", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("changes within a tenth of a second are one event per kind, each id once", async () => {
    const source = aSource();
    const reader = await open(source);
    expect(await reader.next()).toBe("retry: 2000\n\n");
    source.tell({ entity: "run", ids: ["1"] });
    source.tell({ entity: "run", ids: ["2", "1"] });
    source.tell({ entity: "trace", ids: [] });
    vi.advanceTimersByTime(100);
    expect(await reader.next()).toBe('event: change\ndata: {"entity":"run","ids":["1","2"]}\n\n');
    expect(await reader.next()).toBe('event: change\ndata: {"entity":"trace","ids":[]}\n\n');
  });

  it("a change after that is another event", async () => {
    const source = aSource();
    const reader = await open(source);
    await reader.next();
    for (const id of ["1", "2"]) {
      source.tell({ entity: "run", ids: [id] });
      vi.advanceTimersByTime(100);
      expect(await reader.next()).toContain(`"ids":["${id}"]`);
    }
  });

  it("more ids than anybody would look up are told as 'something'", async () => {
    const source = aSource();
    const reader = await open(source);
    await reader.next();
    source.tell({ entity: "run", ids: Array.from({ length: 501 }, (_, n) => String(n)) });
    vi.advanceTimersByTime(100);
    expect(await reader.next()).toContain('"ids":[]');
  });

  it.each([
    ["after", [["1"], []]],
    ["before", [[], ["1"]]],
    ["between", [["1"], [], ["2"]]],
  ])("'something' is not lost when it changes %s what has an id", async (_when, ids) => {
    const source = aSource();
    const reader = await open(source);
    await reader.next();
    for (const each of ids) source.tell({ entity: "run", ids: each });
    vi.advanceTimersByTime(100);
    expect(await reader.next()).toBe('event: change\ndata: {"entity":"run","ids":[]}\n\n');
  });

  it("500 ids are told one by one", async () => {
    const source = aSource();
    const reader = await open(source);
    await reader.next();
    const ids = Array.from({ length: 500 }, (_, n) => String(n));
    for (const id of ids) source.tell({ entity: "run", ids: [id] });
    vi.advanceTimersByTime(100);
    expect(await reader.next()).toContain(`"ids":${JSON.stringify(ids)}`);
  });

  it("a reader that does not read costs a bounded amount, and gets the sum of it later", async () => {
    const source = aSource();
    const reader = await open(source);
    for (let n = 0; n < 1000; n += 1) {
      source.tell({ entity: "run", ids: [String(n % 40)] });
      vi.advanceTimersByTime(100);
    }
    expect(await reader.next()).toBe("retry: 2000\n\n");
    const told = new Set<string>();
    let events = 0;
    for (; events < 30 && told.size < 40; events += 1) {
      const event = reader.next();
      vi.advanceTimersByTime(100);
      const change: StoreChange = JSON.parse((await event).split("data: ")[1] ?? "");
      for (const id of change.ids) told.add(id);
    }
    expect(told.size).toBe(40);
    expect(events).toBeLessThan(25);
  });

  it("a heartbeat goes out every 15 seconds", async () => {
    const reader = await open(aSource());
    await reader.next();
    vi.advanceTimersByTime(14_999);
    const beat = reader.next();
    vi.advanceTimersByTime(1);
    expect(await beat).toBe(": still here\n\n");
  });

  it("the subscription ends with the last reader, and begins again with the next", async () => {
    const source = aSource();
    const handler = aHandler(source.rivulet);
    const first = await openOn(handler);
    const second = await openOn(handler);
    expect(source.listeners()).toBe(1);
    await first.cancel();
    expect(source.listeners()).toBe(1);
    await second.cancel();
    expect(source.listeners()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    const third = await openOn(handler);
    expect(source.listeners()).toBe(1);
    await third.cancel();
  });

  it("close ends every stream", async () => {
    const source = aSource();
    const handler = aHandler(source.rivulet);
    const reader = await openOn(handler);
    await reader.next();
    const end = reader.next();
    await handler.close();
    await expect(end).resolves.toBe("");
    expect(source.listeners()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("one stream too many is refused with 503 until another ends", async () => {
    const handler = aHandler(aSource().rivulet, { maxEventStreams: 2 });
    const [first] = [await openOn(handler), await openOn(handler)];
    const response = await handler(new Request("http://localhost/events"), LOCAL);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
    expect(await response.json()).toMatchObject({ error: { code: "limit_exceeded" } });
    await first?.cancel();
    await openOn(handler);
  });
});

it("HEAD opens no stream", async () => {
  const source = aSource();
  const handler = aHandler(source.rivulet);
  const response = await handler(new Request("http://localhost/events", { method: "HEAD" }), LOCAL);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(source.listeners()).toBe(0);
});

it("what the store commits reaches the reader", async () => {
  const { rivulet, handler, call } = await anApi();
  await rivulet.stats();
  const reader = await openOn(handler);
  expect(await reader.next()).toBe("retry: 2000\n\n");
  const { body } = await call("POST /runs", { name: "told" });
  const event = await reader.next();
  expect(event).toMatch(/^event: change\ndata: \{"entity":"(run|experiment)"/);
  expect((body as { name: string }).name).toBe("told");
  await reader.cancel();
});

interface EventReader {
  next(): Promise<string>;
  cancel(): Promise<void>;
}

/** A client of which only the changes matter. */
function aSource() {
  const listeners = new Set<(change: StoreChange) => void>();
  const rivulet = {
    reportError: () => undefined,
    subscribe(listener: (change: StoreChange) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Rivulet;
  return {
    rivulet,
    listeners: () => listeners.size,
    tell: (change: StoreChange) => {
      for (const listener of listeners) listener(change);
    },
  };
}

function open({ rivulet }: { readonly rivulet: Rivulet }): Promise<EventReader> {
  return openOn(aHandler(rivulet));
}

async function openOn(handler: Handler): Promise<EventReader> {
  const response = await handler(new Request("http://localhost/events"), LOCAL);
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    next: async () => (await reader?.read())?.value ?? "",
    cancel: async () => reader?.cancel(),
  };
}
