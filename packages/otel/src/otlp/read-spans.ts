import type { OtelAttributes, OtelScope, OtelSpan } from "../normalize/otel-span.ts";
import type { OtlpRequest } from "./otlp-request.ts";
import { type ReadSpan, readSpan } from "./read-span.ts";
import { readAttributes } from "./read-value.ts";

/** Spans of a request, and why the others are none. */
export interface ReadSpans {
  /** Those that can be recorded. */
  readonly spans: readonly OtelSpan[];
  /** What is wrong with each of the others. */
  readonly rejected: readonly string[];
}

/** Reads the spans of a request. One that cannot be read does not hinder the others. */
export function readSpans(request: OtlpRequest): ReadSpans {
  const spans: OtelSpan[] = [];
  const rejected: string[] = [];
  for (const { resource, scope, given, index } of spansOf(request)) {
    const { span, problem } = readGiven(given, { resource, scope });
    if (span !== undefined) spans.push(span);
    else rejected.push(`Span ${index}: ${problem}`);
  }
  return { spans, rejected };
}

interface Place {
  readonly resource: OtelAttributes;
  readonly scope: OtelScope;
}

interface Given extends Place {
  readonly given: unknown;
  readonly index: number;
}

function readGiven(given: unknown, place: Place): ReadSpan {
  try {
    return readSpan(given, place);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "cannot be read" };
  }
}

function* spansOf({ resourceSpans }: OtlpRequest): Generator<Given> {
  let index = 0;
  for (const inResource of listOf(resourceSpans)) {
    const resource = readAttributes(fieldOf(fieldOf(inResource, "resource"), "attributes"));
    const inScopes = [
      ...listOf(fieldOf(inResource, "scopeSpans")),
      ...listOf(fieldOf(inResource, "instrumentationLibrarySpans")),
    ];
    for (const inScope of inScopes) {
      const scope = readScope(
        fieldOf(inScope, "scope") ?? fieldOf(inScope, "instrumentationLibrary"),
      );
      for (const given of listOf(fieldOf(inScope, "spans"))) {
        yield { resource, scope, given, index };
        index++;
      }
    }
  }
}

function readScope(given: unknown): OtelScope {
  const name = fieldOf(given, "name");
  const version = fieldOf(given, "version");
  const attributes = readAttributes(fieldOf(given, "attributes"));
  return {
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof version === "string" ? { version } : {}),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
