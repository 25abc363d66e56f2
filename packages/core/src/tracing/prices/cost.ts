import type { TokenUsage } from "@rivulet/domain";
import type { ModelPrice, TokenPrices } from "./model-price.ts";

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
const OTHER_TIER = /flex|batch|priority/i;

/**
 * US dollars of one call; `undefined` when the usage says nothing, or nobody knows what the tier costs.
 *
 * @param serviceTier as the provider names it; what is neither flex, batch nor priority is the standard one
 */
export function costOf(
  usage: TokenUsage,
  price: ModelPrice,
  serviceTier?: string,
): number | undefined {
  const { inputTokens, outputTokens } = usage;
  const factor = factorOf(price, serviceTier);
  if (factor === undefined) return undefined;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const prices = pricesFor(price, inputTokens ?? 0);
  const millionths =
    costOfWrites(usage, prices) +
    costOfParts({ usage, prices, whole: "inputTokens", kind: "input", parts: INPUT }) +
    costOfParts({ usage, prices, whole: "outputTokens", kind: "output", parts: OUTPUT });
  return (millionths / 1_000_000 + (price.request ?? 0)) * factor;
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
  let plain = (usage[whole] ?? 0) - written;
  let cost = 0;
  for (const [field, own] of parts) {
    const tokens = usage[field] ?? 0;
    const price = prices[own];
    if (price === undefined) continue;
    plain -= tokens;
    cost += tokens * price;
  }
  return cost + Math.max(0, plain) * prices[kind];
}
