import type { OpenRun } from "./open-run.ts";

/** Longer partial answers are cut. */
const MAX_TEXT = 100_000;

/** Takes a token; the first one sets the clock. */
export function takeToken(run: OpenRun, token: unknown, time: number): void {
  const text = typeof token === "string" ? token : "";
  run.watch.touch();
  if (run.stream === undefined) run.stream = { firstTokenAt: time, text };
  else if (run.stream.text.length < MAX_TEXT) run.stream.text += text;
}

/** The token in an event of `agent.streamEvents` v3, which replaces the plain token callback there. */
export function eventToken(event: unknown): string | undefined {
  const { event: kind, delta } = (event ?? {}) as { event?: unknown; delta?: { text?: unknown } };
  if (kind !== "content-block-delta") return undefined;
  return typeof delta?.text === "string" ? delta.text : "";
}

/** What has come of an answer that broke off, as the span's output. */
export function partialAnswer({ kind, span, stream }: OpenRun): { readonly output?: unknown } {
  if (stream === undefined) return {};
  span.markFirstToken(stream.firstTokenAt);
  if (stream.text === "") return {};
  if (kind === "llm") return { output: stream.text };
  return { output: { messages: [{ role: "assistant", content: stream.text }] } };
}
