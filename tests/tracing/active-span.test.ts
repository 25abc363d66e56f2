import { expect, test } from "vitest";
import { openClient } from "./client.ts";

test("an adapter says which span is active, told which one is by withSpan", async () => {
  const { rivulet, spans } = openClient();
  const theirs = rivulet.startSpan("theirs");
  const told: (string | undefined)[] = [];
  rivulet.setActiveSpanResolver((own) => {
    told.push(own?.name);
    return theirs;
  });
  await rivulet.withSpan("ours", (ours) => {
    expect(rivulet.activeSpan()).toBe(theirs);
    ours.end();
  });
  rivulet.startSpan("below").end();
  theirs.end();
  expect(new Set(told)).toEqual(new Set([undefined, "ours"]));
  const found = await spans(theirs.traceId);
  expect(Object.keys(found).sort()).toEqual(["below", "ours", "theirs"]);
  expect(found["below"]?.parentId).toBe(theirs.id);
});

test("of several adapters the last one given says which span is active", () => {
  const { rivulet } = openClient();
  const [first, second] = [rivulet.startSpan("first"), rivulet.startSpan("second")];
  rivulet.setActiveSpanResolver(() => first);
  rivulet.setActiveSpanResolver(() => second);
  expect(rivulet.activeSpan()).toBe(second);
});

test("an adapter that says that none is active begins a new trace with each span", () => {
  const { rivulet } = openClient();
  rivulet.setActiveSpanResolver(() => undefined);
  rivulet.withSpan("ours", (ours) => {
    expect(rivulet.activeSpan()).toBeUndefined();
    expect(rivulet.startSpan("next").traceId).not.toBe(ours.traceId);
  });
});

test("an adapter that fails to say it is reported, and the span of withSpan is active", () => {
  const { rivulet, errors } = openClient();
  rivulet.setActiveSpanResolver(() => {
    throw new Error("no context");
  });
  rivulet.withSpan("ours", (ours) => {
    expect(rivulet.activeSpan()).toBe(ours);
    expect(rivulet.startSpan("below").traceId).toBe(ours.traceId);
  });
  expect(rivulet.activeSpan()).toBeUndefined();
  expect([...new Set(errors.map(({ message }) => message))]).toEqual(["no context"]);
});
