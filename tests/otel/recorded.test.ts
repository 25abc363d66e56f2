import { createRivulet, type Rivulet } from "@rivulet/core";
import { normalizeSpan, readSpans } from "@rivulet/otel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RECORDINGS } from "./recordings.ts";

let rivulet: Rivulet;
// Recordings have ids in common: some are small numbers.
beforeEach(() => {
  rivulet = createRivulet({ store: "memory:" });
});
afterEach(() => rivulet.close());

async function record(name: string): Promise<string> {
  const recording = RECORDINGS.find((known) => known.name === name);
  const { spans } = readSpans({ resourceSpans: recording?.resourceSpans });
  await rivulet.traces.record(spans.map(normalizeSpan));
  await rivulet.flush();
  return spans[0]?.traceId ?? "";
}

it("the store takes every span of every recording", async () => {
  for (const { resourceSpans } of RECORDINGS) {
    const { spans, rejected } = readSpans({ resourceSpans });
    const report = await rivulet.traces.record(spans.map(normalizeSpan));
    expect({ ...report, rejected }).toEqual({
      recorded: spans.length,
      unsampled: 0,
      dropped: 0,
      rejected: [],
    });
  }
  await rivulet.flush();
});

describe("tokens are counted once", () => {
  it.each([
    // Each of the two calls stands on two spans: call_llm above generate_content.
    ["google-adk-4", 157 + 222, 51 + 33],
    // The agent repeats the sum of its calls.
    ["strands-2", 62, 24],
    // The outer call repeats those of its steps.
    ["vercel-ai-v6-6", 62, 24],
    // Of two conventions on one span.
    ["litellm-1", 80, 18],
  ])("in %s", async (name, inputTokens, outputTokens) => {
    const trace = await rivulet.traces.get(await record(name));
    expect(trace.usage).toMatchObject({ inputTokens, outputTokens });
  });
});

it("a trace has the session, the user, the tags and the prompt that its spans name", async () => {
  const trace = await rivulet.traces.get(await record("langfuse-js-1"));
  expect(trace).toMatchObject({
    sessionId: "session-7",
    userId: "user-42",
    tags: { demo: "true", environment: "staging", release: "1.2.3" },
    metadata: { channel: "web", traceName: "weather" },
    prompts: [{ name: "weather", version: 3 }],
  });
});
