import { type ActiveSpan, isCacheHit, reportedCost, reportedSearches } from "@rivulet/core";
import { type Fields, fieldOf, listOf } from "../sdk/read-value.ts";
import { toTokenUsage } from "../sdk/token-usage.ts";

/** Writes what a model said about tokens and costs, and whether a gateway's cache answered. */
export function describeUsage(span: ActiveSpan, answer: Fields): void {
  const { usage, providerMetadata: metadata, response } = answer;
  const body = fieldOf(response, "body");
  // The body has all of it, but not in a stream.
  const own =
    fieldOf(body, "usage") ??
    fieldOf(usage, "raw") ??
    fieldOf(fieldOf(metadata, "anthropic"), "usage");
  const counts = toTokenUsage(usage, own);
  if (counts !== undefined) span.setUsage(counts);
  const cost = providerCost(metadata, own);
  if (cost !== undefined) span.setCost(cost);
  span.setAttributes(reportedSearches({ usage: own, output: searchesIn(answer) }));
  if (isCacheHit(fieldOf(response, "headers"))) span.setAttributes({ cached: true });
}

/** US dollars that a gateway or a provider says it charged. */
function providerCost(metadata: unknown, own: unknown): number | undefined {
  return (
    reportedCost(fieldOf(metadata, "gateway")) ??
    reportedCost(fieldOf(fieldOf(metadata, "openrouter"), "usage")) ??
    reportedCost(own)
  );
}

/** What OpenAI's responses have of searches: their items, of which a stream leaves the tools' results. */
function searchesIn({ response, content }: Fields): unknown {
  const output = fieldOf(fieldOf(response, "body"), "output");
  return Array.isArray(output) ? output : listOf(content).map(searchOf);
}

function searchOf(part: unknown): unknown {
  const result = fieldOf(part, "type") === "tool-result" ? fieldOf(part, "result") : undefined;
  const action = fieldOf(result, "action");
  if (action !== undefined) return { type: "web_search_call", action };
  return Array.isArray(fieldOf(result, "queries")) ? { type: "file_search_call" } : undefined;
}
