import type { TokenUsage } from "@rivulet/domain";
import type { ModelPrice, TokenPrices } from "./model-price.ts";

/** What the price of a call depends on besides its tokens. */
export interface PricedCall {
  /** When it started, in milliseconds since the epoch. */
  readonly startTime: number;
  /** As the provider names it; what is neither flex, batch, priority, fast nor paid for by time is the standard one. */
  readonly serviceTier?: string | undefined;
  /** How often the provider has searched the web for it. */
  readonly webSearches?: number | undefined;
  /** How often the provider has searched files for it. */
  readonly fileSearches?: number | undefined;
}

/** Tokens of a kind with a price of its own, the kind, and what it costs where that is not said. */
type Part = readonly [tokens: keyof TokenUsage, kind: keyof TokenPrices];

const INPUT: readonly Part[] = [
  ["cacheReadTokens", "cacheRead"],
  ["audioInputTokens", "audioInput"],
  ["imageInputTokens", "imageInput"],
];
const OUTPUT: readonly Part[] = [
  ["reasoningTokens", "reasoning"],
  ["audioOutputTokens", "audioOutput"],
  ["imageOutputTokens", "imageOutput"],
];
/** What has prices of its own, or is paid for by time. */
const OTHER_TIER = /flex|batch|priority|fast|provisioned|reserved/i;

/** US dollars of one call; `undefined` when the usage says nothing, or nobody knows what the tier costs. */
export function costOf(
  usage: TokenUsage,
  listed: ModelPrice,
  call: PricedCall,
): number | undefined {
  const { inputTokens, outputTokens } = usage;
  const price = priceAt(listed, call.startTime);
  const factor = factorOf(price, call.serviceTier);
  if (factor === undefined) return undefined;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const prices = pricesFor(price, inputTokens ?? 0);
  const millionths =
    costOfWrites(usage, prices) +
    costOfParts({ usage, prices, whole: "inputTokens", kind: "input", parts: INPUT }) +
    costOfParts({ usage, prices, whole: "outputTokens", kind: "output", parts: OUTPUT });
  return (millionths / 1_000_000 + (price.request ?? 0)) * factor + costOfSearches(price, call);
}

/** Searches cost the same in each tier. */
function costOfSearches(
  { webSearch = 0, fileSearch = 0 }: ModelPrice,
  { webSearches = 0, fileSearches = 0 }: PricedCall,
): number {
  return webSearches * webSearch + fileSearches * fileSearch;
}

/** The price at a time. */
function priceAt(price: ModelPrice, time: number): ModelPrice {
  const change = price.changes?.findLast(({ from }) => Date.parse(from) <= time);
  if (change === undefined) return price;
  const { serviceTiers } = price;
  return { ...change, ...(serviceTiers === undefined ? {} : { serviceTiers }) };
}

function factorOf({ serviceTiers }: ModelPrice, serviceTier = ""): number | undefined {
  const [tier] = OTHER_TIER.exec(serviceTier) ?? [];
  return tier === undefined ? 1 : serviceTiers?.[tier.toLowerCase()];
}

/** The prices of a call with so much input. */
function pricesFor(price: ModelPrice, inputTokens: number): TokenPrices {
  const long = price.longContext?.findLast(({ above }) => inputTokens > above);
  return long === undefined ? price : { ...price, ...long };
}

function costOfWrites(usage: TokenUsage, prices: TokenPrices): number {
  const hour = usage.cacheWrite1hTokens ?? 0;
  const short = Math.max(0, (usage.cacheWriteTokens ?? 0) - hour);
  const write = prices.cacheWrite ?? prices.input;
  return short * write + hour * (prices.cacheWrite1h ?? write);
}

interface Whole {
  readonly usage: TokenUsage;
  readonly prices: TokenPrices;
  readonly whole: "inputTokens" | "outputTokens";
  readonly kind: "input" | "output";
  readonly parts: readonly Part[];
}

/** The parts that have a price of their own, and the rest by that of the whole. */
function costOfParts({ usage, prices, whole, kind, parts }: Whole): number {
  const written = kind === "input" ? (usage.cacheWriteTokens ?? 0) : 0;
  let plain = Math.max(0, (usage[whole] ?? 0) - written);
  let cost = 0;
  for (const [field, own] of parts) {
    const price = prices[own];
    if (price === undefined) continue;
    // Input of a kind may have come from the cache: it is not paid for twice.
    const tokens = Math.min(usage[field] ?? 0, plain);
    plain -= tokens;
    cost += tokens * price;
  }
  return cost + plain * prices[kind];
}
