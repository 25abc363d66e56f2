import { tracingChannel } from "node:diagnostics_channel";
import type { ActiveSpan, Rivulet } from "@rivulet/core";
import { describe, expect, it, test } from "vitest";
import { openClient } from "./client.ts";

/** A library whose work encloses the code from `begin` on. */
function joinLibrary(rivulet: Rivulet) {
  let work: string | undefined;
  const spans = new Map<unknown, ActiveSpan>();
  const entered = rivulet.joinContext({
    current: () => work,
    spanOf: (id) => spans.get(id),
  });
  const begin = (name: string): ActiveSpan => {
    const span = rivulet.startSpan(name);
    spans.set(name, span);
    work = name;
    return span;
  };
  return { begin, entered, goTo: (name: string | undefined) => (work = name) };
}

test("work of a library encloses what is made in it, and its span is active", () => {
  const { rivulet } = openClient();
  const library = joinLibrary(rivulet);
  rivulet.withSpan("ours", (ours) => {
    const theirs = library.begin("theirs");
    expect(rivulet.activeSpan()).toBe(theirs);
    expect(theirs.isWithin(ours)).toBe(true);
    library.goTo(undefined);
    expect(rivulet.activeSpan()).toBe(ours);
  });
});

test("what is made active inside the library's work is active, whichever trace it belongs to", () => {
  const { rivulet } = openClient();
  const library = joinLibrary(rivulet);
  const other = rivulet.startSpan("other");
  const theirs = library.begin("theirs");
  rivulet.withSpan("apart", (apart) => expect(rivulet.activeSpan()).toBe(apart), { parent: null });
  rivulet.runInSpan(other, () => {
    expect(rivulet.activeSpan()).toBe(other);
    expect(library.entered()).toEqual({ span: other, within: "theirs" });
    const deeper = library.begin("deeper");
    expect(deeper.isWithin(other)).toBe(true);
    expect(rivulet.activeSpan()).toBe(deeper);
  });
  library.goTo("theirs");
  expect(rivulet.activeSpan()).toBe(theirs);
});

test("work that has no span of its own counts as that of the work around it", () => {
  const { rivulet } = openClient();
  const theirs = rivulet.startSpan("theirs");
  let work = "step";
  rivulet.joinContext({ current: () => work, spanOf: () => theirs });
  rivulet.withSpan(
    "apart",
    (apart) => {
      work = "step without a span";
      expect(rivulet.activeSpan()).toBe(apart);
    },
    { parent: null },
  );
});

test("a span that has ended is not active where the library's work goes on", () => {
  const { rivulet } = openClient();
  const library = joinLibrary(rivulet);
  const theirs = library.begin("theirs");
  rivulet.withSpan("ours", (ours) => {
    ours.end();
    expect(rivulet.activeSpan()).toBe(theirs);
    theirs.end();
    expect(rivulet.activeSpan()).toBe(ours);
  });
});

test("of the works of two libraries the one inside of the other is active, whoever has joined first", () => {
  for (const isFirstInner of [true, false]) {
    const { rivulet } = openClient();
    const outer = rivulet.startSpan("outer");
    const inner = rivulet.startSpan("inner", { parent: outer });
    const spans = isFirstInner ? [inner, outer] : [outer, inner];
    const entered = spans.map((span, work) =>
      rivulet.joinContext({ current: () => work, spanOf: () => span }),
    );
    expect(rivulet.activeSpan()).toBe(inner);
    rivulet.withSpan("ours", (ours) => {
      expect(rivulet.activeSpan()).toBe(ours);
      expect(entered.map((look) => look()?.within)).toEqual([0, 1]);
    });
  }
});

test("an entered span is left as soon as it has ended", () => {
  const { rivulet } = openClient();
  rivulet.withSpan("around", (around) => {
    const entered = rivulet.startSpan("entered");
    rivulet.enterSpan(entered);
    expect(rivulet.activeSpan()).toBe(entered);
    entered.end();
    expect(rivulet.activeSpan()).toBe(around);
  });
});

test("of several contexts side by side the last one given counts", () => {
  const { rivulet } = openClient();
  const [first, second] = [rivulet.startSpan("first"), rivulet.startSpan("second")];
  rivulet.joinContext({ current: () => 1, spanOf: () => first });
  rivulet.joinContext({ current: () => 1, spanOf: () => second });
  expect(rivulet.activeSpan()).toBe(second);
});

test("a context that fails is reported, and the span of withSpan is active", () => {
  const { rivulet, errors } = openClient();
  rivulet.joinContext({
    current: () => {
      throw new Error("no context");
    },
    spanOf: () => undefined,
  });
  rivulet.withSpan("ours", (ours) => {
    expect(rivulet.activeSpan()).toBe(ours);
    expect(rivulet.startSpan("below").traceId).toBe(ours.traceId);
  });
  expect(rivulet.activeSpan()).toBeUndefined();
  expect([...new Set(errors.map(({ message }) => message))]).toEqual(["no context"]);
});

describe("a channel that tells of work", () => {
  const { start } = tracingChannel<unknown, { readonly name: string }>("rivulet:test");

  it("has the span that is looked up as the active one of the work, as often as it is asked for", () => {
    const { rivulet } = openClient();
    const spans: Record<string, ActiveSpan> = {};
    rivulet.bindChannel(start, ({ name }) => (name === "none" ? undefined : () => spans[name]));
    const around = rivulet.startSpan("around");

    rivulet.runInSpan(around, () => {
      start.runStores({ name: "call" }, () => {
        expect(rivulet.activeSpan()).toBe(around);
        spans["call"] = rivulet.startSpan("call");
        expect(rivulet.activeSpan()).toBe(spans["call"]);
        const inner = rivulet.startSpan("inner");
        rivulet.runInSpan(inner, () => expect(rivulet.activeSpan()).toBe(inner));
      });
      start.runStores({ name: "none" }, () => expect(rivulet.activeSpan()).toBe(around));
      expect(rivulet.activeSpan()).toBe(around);
    });
  });

  it("changes nothing when the look-up fails, which is reported", () => {
    const { rivulet, errors } = openClient();
    rivulet.bindChannel(start, ({ name }) => {
      if (name === "early") throw new Error("no message");
      return () => {
        throw new Error("no span");
      };
    });

    start.runStores({ name: "early" }, () => expect(rivulet.activeSpan()).toBe(undefined));
    start.runStores({ name: "late" }, () => expect(rivulet.activeSpan()).toBe(undefined));

    expect(errors.map(({ message }) => message)).toEqual(["no message", "no span"]);
  });

  it("changes nothing any more when the binding is ended, or the client is closed", async () => {
    const { rivulet } = openClient();
    const span = rivulet.startSpan("call");
    const active = () => start.runStores({ name: "call" }, () => rivulet.activeSpan());

    const unbind = rivulet.bindChannel(start, () => () => span);
    expect(active()).toBe(span);
    unbind();
    expect([active(), start.hasSubscribers]).toEqual([undefined, false]);

    rivulet.bindChannel(start, () => () => span);
    await rivulet.close();
    expect([active(), start.hasSubscribers]).toEqual([undefined, false]);
  });
});
