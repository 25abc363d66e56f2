import type { ActiveSpan } from "@rivulet/core";
import { type Fields, fieldOf, numberOf, textOf } from "../sdk/read-value.ts";
import { toTokenUsage } from "../sdk/token-usage.ts";

/** Writes what a model said about tokens and costs, and whether a gateway's cache answered. */
export function describeUsage(span: ActiveSpan, answer: Fields): void {
  const { usage, providerMetadata: metadata, response } = answer;
  const own = fieldOf(usage, "raw") ?? fieldOf(fieldOf(metadata, "anthropic"), "usage");
  const counts = toTokenUsage(usage, own);
  if (counts !== undefined) span.setUsage(counts);
  const cost = providerCost(metadata, own);
  if (cost !== undefined) span.setCost(cost);
  if (isFromCache(fieldOf(response, "headers"))) span.setAttributes({ cached: true });
}

/** xAI counts in these: so many are a US dollar. */
const TICKS = 10_000_000_000;

/** US dollars that a gateway or a provider says it charged. */
function providerCost(metadata: unknown, own: unknown): number | undefined {
  const ticks = numberOf(fieldOf(own, "cost_in_usd_ticks"));
  return (
    dollarsOf(fieldOf(fieldOf(metadata, "gateway"), "cost")) ??
    routerCost(fieldOf(fieldOf(metadata, "openrouter"), "usage")) ??
    dollarsOf(fieldOf(own, "cost")) ??
    (ticks === undefined ? undefined : ticks / TICKS)
  );
}

/** With a key of one's own, OpenRouter charges a small fee, and the provider the rest; else the two are one. */
function routerCost(usage: unknown): number | undefined {
  const cost = dollarsOf(fieldOf(usage, "cost"));
  const upstream = dollarsOf(fieldOf(fieldOf(usage, "costDetails"), "upstreamInferenceCost"));
  if (cost === undefined || upstream === undefined) return cost;
  return cost < upstream ? cost + upstream : cost;
}

/** A number, or a number as text, as the gateway writes it. */
function dollarsOf(cost: unknown): number | undefined {
  const dollars = numberOf(typeof cost === "string" && cost !== "" ? Number(cost) : cost);
  return dollars !== undefined && dollars >= 0 ? dollars : undefined;
}

/** Headers in which Cloudflare, Portkey and Helicone say that their cache has answered. */
const CACHE_HEADERS = ["cf-aig-cache-status", "x-portkey-cache-status", "helicone-cache"];

function isFromCache(headers: unknown): boolean {
  return CACHE_HEADERS.some((name) => /^hit$/i.test(textOf(fieldOf(headers, name)) ?? ""));
}
