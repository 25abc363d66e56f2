import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FinishedSpan } from "@rivulet/core";
import { normalizeSpan, readSpans } from "@rivulet/otel";

/** What a recording says of itself; see `fixtures/README.md`. */
export interface Recording {
  readonly name: string;
  readonly convention: string;
  /** Span id → what a person reads in it. */
  readonly expect: Readonly<Record<string, Expected>>;
  readonly resourceSpans: readonly unknown[];
}

/** What a span plainly says; a field is left out where it says nothing. */
export interface Expected {
  readonly kind?: string;
  readonly name?: string;
  readonly model?: string;
  readonly requestModel?: string;
  readonly provider?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly cachedTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
  readonly cost?: number;
  readonly systemPrompt?: string;
  readonly input?: string;
  readonly output?: string;
  readonly toolCalls?: readonly string[];
  readonly toolName?: string;
  readonly toolCallId?: string;
  readonly toolArguments?: string;
  readonly toolResult?: string;
  readonly embeddingText?: string;
  readonly documents?: readonly string[];
  readonly finishReason?: string;
  readonly agentName?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly environment?: string;
  readonly tags?: readonly string[];
  readonly level?: string;
  readonly error?: string;
}

const FOLDER = join(import.meta.dirname, "fixtures");

/** Every recording. */
export const RECORDINGS: readonly Recording[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".jsonl"))
  .flatMap((file) => readFileSync(join(FOLDER, file), "utf8").trimEnd().split("\n"))
  .map((line) => JSON.parse(line) as Recording);

/** The spans of a recording as Rivulet takes them, by their ids. */
export function normalized({ resourceSpans }: Recording): ReadonlyMap<string, FinishedSpan> {
  const { spans } = readSpans({ resourceSpans });
  return new Map(spans.map((span) => [span.spanId, normalizeSpan(span)]));
}
