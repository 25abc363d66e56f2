import type { ActiveSpan, Rivulet, Span } from "@rivulet/core";

const WORDS =
  "model answer token prompt stream search result context user agent tool call memory vector query score".split(
    " ",
  );

/** Text of about `length` characters that does not repeat from one `seed` to the next. */
export function text(length: number, seed: number): string {
  let state = seed + 1;
  const words: string[] = [];
  for (let size = 0; size < length; ) {
    state = (state * 48_271) % 2_147_483_647;
    const word = WORDS[state % WORDS.length] ?? "";
    words.push(word);
    size += word.length + 1;
  }
  return words.join(" ").slice(0, length);
}

const TEXTS = Array.from({ length: 64 }, (_, seed) => ({
  question: text(280, seed),
  answer: text(420, seed + 1_000),
}));

/** Attributes that are 1 kB as JSON. */
export function attributes(seed: number): Readonly<Record<string, unknown>> {
  const texts = TEXTS[seed % TEXTS.length];
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "local-small",
    "gen_ai.request.temperature": 0.2,
    "gen_ai.request.max_tokens": 1_024,
    "http.route": "/api/chat",
    "server.address": "api.example.org",
    question: texts?.question,
    answer: texts?.answer,
    user: { id: `user-${seed % 100}`, plan: "pro", seats: 5 },
    flags: ["beta", "eu"],
    cached: false,
    attempt: seed % 3,
  };
}

/** Starts a span with 1 kB of attributes and ends it. */
export function recordSpan(rivulet: Rivulet, seed: number, parent: ActiveSpan | null): void {
  rivulet.startSpan("chat", { type: "chat_model", attributes: attributes(seed), parent }).end();
}

/** What {@link recordSpan} stores, as one record. */
export function sampleRecord(seed: number): Span {
  return {
    traceId: "0197c7a1f0e87b3c9d2e4f5061728394",
    id: "00f067aa0ba902b7",
    parentId: "b7ad6b7169203331",
    experimentId: "0",
    name: "chat",
    type: "chat_model",
    status: "ok",
    startTime: 1_790_000_000_000.123,
    endTime: 1_790_000_000_000.456,
    attributes: attributes(seed) as Span["attributes"],
    events: [],
  };
}
