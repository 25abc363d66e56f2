import type { TokenUsage } from "@rivulet/domain";

type Whole = "inputTokens" | "outputTokens" | "totalTokens";
type Part = Exclude<keyof TokenUsage, Whole>;

/** Where providers write the parts of what they count. Dots stand for objects in objects, `[]` for one of Google's lists. */
const PLACES: Readonly<Record<Part, readonly string[]>> = {
  cacheReadTokens: [
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "input_token_details.cached_tokens",
    // DeepSeek, Mistral and Moonshot count their caches beside the details.
    "prompt_cache_hit_tokens",
    "num_cached_tokens",
    "cached_tokens",
  ],
  cacheWriteTokens: [
    "prompt_tokens_details.cache_write_tokens",
    "input_tokens_details.cache_write_tokens",
  ],
  cacheWrite1hTokens: ["cache_creation.ephemeral_1h_input_tokens"],
  reasoningTokens: [
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "output_tokens_details.thinking_tokens",
    // Perplexity and xAI count it beside the details.
    "reasoning_tokens",
  ],
  audioInputTokens: [
    "prompt_tokens_details.audio_tokens",
    "input_tokens_details.audio_tokens",
    "input_token_details.audio_tokens",
    "promptTokensDetails[].AUDIO",
  ],
  imageInputTokens: [
    "prompt_tokens_details.image_tokens",
    "input_tokens_details.image_tokens",
    "input_token_details.image_tokens",
    "promptTokensDetails[].IMAGE",
  ],
  audioOutputTokens: [
    "completion_tokens_details.audio_tokens",
    "output_tokens_details.audio_tokens",
    "output_token_details.audio_tokens",
    "candidatesTokensDetails[].AUDIO",
  ],
  imageOutputTokens: [
    "completion_tokens_details.image_tokens",
    "output_tokens_details.image_tokens",
    "output_token_details.image_tokens",
    "candidatesTokensDetails[].IMAGE",
  ],
};
/** What of a kind the cache gave: a part of the cached input, which costs the same whatever it stands for. */
const CACHED: Readonly<Partial<Record<Part, readonly string[]>>> = {
  audioInputTokens: [
    "prompt_tokens_details.cached_tokens_details.audio_tokens",
    "input_tokens_details.cached_tokens_details.audio_tokens",
    "input_token_details.cached_tokens_details.audio_tokens",
    "cacheTokensDetails[].AUDIO",
  ],
  imageInputTokens: [
    "prompt_tokens_details.cached_tokens_details.image_tokens",
    "input_tokens_details.cached_tokens_details.image_tokens",
    "input_token_details.cached_tokens_details.image_tokens",
    "cacheTokensDetails[].IMAGE",
  ],
};
const PATHS = Object.entries(PLACES).map(([part, places]) => [
  part,
  places.map(readPlace),
  (CACHED[part as Part] ?? []).map(readPlace),
]) as [Part, Place[], Place[]][];

/**
 * The parts of its input and output that a provider counts, by its own JSON: OpenAI's and that of the many who write
 * like it, Anthropic's and Google's. Libraries often hand on their sums only. Never throws.
 *
 * @returns what there is none of is left out
 */
export function reportedParts(usage: unknown): Pick<TokenUsage, Part> {
  const parts: { -readonly [K in Part]?: number } = {};
  for (const [part, places, cached] of PATHS) {
    const count = countAt(usage, places);
    // The cache is another part: what it gave is not counted, and paid for, in both.
    const rest = count > 0 ? Math.max(0, count - countAt(usage, cached)) : count;
    if (rest !== 0) parts[part] = rest;
  }
  return parts;
}

/** The first count that is not 0. */
function countAt(usage: unknown, places: readonly Place[]): number {
  for (const place of places) {
    const count = numberIn(usage, place);
    if (count) return count;
  }
  return 0;
}

/**
 * Thinking that a provider charges for beside the output and the total it tells of, as Perplexity does: more than all of
 * the output. Never throws.
 *
 * @returns the whole output, and the total
 */
export function reportedApart(
  usage: unknown,
): Pick<TokenUsage, "outputTokens" | "totalTokens"> | undefined {
  const [thought = 0, input, output] = [
    "reasoning_tokens",
    "prompt_tokens",
    "completion_tokens",
  ].map((place) => numberAt(usage, place));
  if (input === undefined || output === undefined || thought <= output) return undefined;
  if (numberAt(usage, "total_tokens") !== input + output) return undefined;
  return { outputTokens: output + thought, totalTokens: input + output + thought };
}

/** xAI counts in these: so many are a US dollar. */
const TICKS = 10_000_000_000;

/**
 * The tier in which a provider says it has served a call, by the usage in its answer: what prices depend on. Anthropic's
 * fast answers cost more whatever their tier, and Google tells of kinds of traffic. Never throws.
 */
export function reportedTier(usage: unknown): string | undefined {
  if (fieldOf(usage, "speed") === "fast") return "fast";
  const told = ["service_tier", "serviceTier", "trafficType"].map((name) => fieldOf(usage, name));
  return told.find((tier) => typeof tier === "string" && tier !== "") as string | undefined;
}

/**
 * US dollars that a provider or a gateway says it charged, by the usage in its answer. Money of another currency is
 * none. Never throws.
 */
export function reportedCost(usage: unknown): number | undefined {
  if (!isInDollars(usage)) return undefined;
  const cost = dollarsOf(fieldOf(usage, "cost"));
  const ticks = numberAt(usage, "cost_in_usd_ticks");
  if (cost === undefined) return ticks === undefined ? undefined : ticks / TICKS;
  const upstream =
    numberAt(usage, "cost_details.upstream_inference_cost") ??
    numberAt(usage, "costDetails.upstreamInferenceCost");
  // With a key of one's own, OpenRouter charges a small fee, and the provider the rest; else the two are one.
  return upstream !== undefined && cost < upstream ? cost + upstream : cost;
}

/** Where nobody says what the money is, it is US dollars. */
function isInDollars(usage: unknown): boolean {
  const currency =
    fieldOf(usage, "cost_currency") ??
    fieldOf(usage, "currency") ??
    fieldOf(fieldOf(usage, "cost"), "currency");
  return typeof currency !== "string" || /^(?:usd)?$/i.test(currency.trim());
}

/** A number, a number as text, as gateways write it, or Perplexity's costs with their sum. */
function dollarsOf(given: unknown): number | undefined {
  const cost = fieldOf(given, "total_cost") ?? given;
  const dollars = typeof cost === "string" && cost !== "" ? Number(cost) : cost;
  return typeof dollars === "number" && dollars >= 0 ? dollars : undefined;
}

/** What a provider says of an answer, where it counts its searches. */
export interface SearchedAnswer {
  /** Anthropic counts them here. */
  readonly usage?: unknown;
  /** Items of one of OpenAI's responses, or blocks of Anthropic's: each search is one. */
  readonly output?: unknown;
}

/** How often a provider has searched for an answer, as the attributes that price it. Never throws. */
export function reportedSearches({ usage, output }: SearchedAnswer): {
  readonly webSearches?: number;
  readonly fileSearches?: number;
} {
  const items: readonly unknown[] = Array.isArray(output) ? output : [];
  const counted = numberAt(usage, "server_tool_use.web_search_requests");
  const webSearches = counted ?? items.filter(isWebSearch).length;
  const fileSearches = items.filter((item) => fieldOf(item, "type") === "file_search_call").length;
  return {
    ...(webSearches > 0 && { webSearches }),
    ...(fileSearches > 0 && { fileSearches }),
  };
}

/** To open a page that was found, or to look for something in it, costs nothing. */
function isWebSearch(item: unknown): boolean {
  if (fieldOf(item, "type") === "server_tool_use") return fieldOf(item, "name") === "web_search";
  const action = fieldOf(fieldOf(item, "action"), "type") ?? "search";
  return fieldOf(item, "type") === "web_search_call" && action === "search";
}

/** Names of objects in objects, or of a list and the modality that is looked for in it. */
type Place =
  | { readonly path: readonly string[] }
  | { readonly list: string; readonly modality: string };

function readPlace(place: string): Place {
  const [list = "", modality] = place.split("[].");
  return modality === undefined ? { path: place.split(".") } : { list, modality };
}

function numberAt(value: unknown, place: string): number | undefined {
  return numberIn(value, readPlace(place));
}

function numberIn(value: unknown, place: Place): number | undefined {
  if ("list" in place) return countOf(fieldOf(value, place.list), place.modality);
  const found = place.path.reduce(fieldOf, value);
  return isNumber(found) ? found : undefined;
}

/** Google may tell of a kind more than once. */
function countOf(list: unknown, modality: string): number | undefined {
  if (!Array.isArray(list)) return undefined;
  const counts = list
    .filter((item: unknown) => fieldOf(item, "modality") === modality)
    .map((item: unknown) => fieldOf(item, "tokenCount"))
    .filter(isNumber);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
