/** US dollars per million tokens. */
export interface ModelPrice {
  /** Per million input tokens. */
  readonly input: number;
  /** Per million output tokens. */
  readonly output: number;
  /** Input read from the provider's cache. @default the price of input */
  readonly cacheRead?: number;
  /** Input written to the provider's cache. @default the price of input */
  readonly cacheWrite?: number;
}

/** Model name → price. */
export type ModelPrices = Readonly<Record<string, ModelPrice>>;

/**
 * Approximate list prices of well-known models, standard tier and short context, around the end of 2025. Check
 * them against your provider's page (openai.com/api/pricing, claude.com/pricing, ai.google.dev/pricing) before
 * you rely on sums: `createRivulet({ tracing: { prices } })` adds to and overrides this table.
 */
export const LIST_PRICES: ModelPrices = {
  "gpt-5.2": { input: 1.75, output: 14, cacheRead: 0.175 },
  "gpt-5": { input: 1.25, output: 10, cacheRead: 0.125 },
  "gpt-5-mini": { input: 0.25, output: 2, cacheRead: 0.025 },
  "gpt-5-nano": { input: 0.05, output: 0.4, cacheRead: 0.005 },
  "gpt-4.1": { input: 2, output: 8, cacheRead: 0.5 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6, cacheRead: 0.1 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4, cacheRead: 0.025 },
  "gpt-4o": { input: 2.5, output: 10, cacheRead: 1.25 },
  "gpt-4o-mini": { input: 0.15, output: 0.6, cacheRead: 0.075 },
  "o4-mini": { input: 1.1, output: 4.4, cacheRead: 0.275 },
  "text-embedding-3-small": { input: 0.02, output: 0 },
  "text-embedding-3-large": { input: 0.13, output: 0 },
  "claude-opus-4-5": { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  "claude-sonnet-4-5": { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  "claude-haiku-4-5": { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  "gemini-2.5-pro": { input: 1.25, output: 10, cacheRead: 0.125 },
  "gemini-2.5-flash": { input: 0.3, output: 2.5, cacheRead: 0.03 },
  "gemini-2.5-flash-lite": { input: 0.1, output: 0.4, cacheRead: 0.01 },
};

const PROVIDER_PREFIX = /^.*\//;
const VERSION_SUFFIX = /(?:[-@](?:\d{4}-\d{2}-\d{2}|\d{8})(?:-v\d+(?::\d+)?)?|-latest)$/;
const KNOWN_MODELS = 1_000;

/**
 * Finds the price of a model: by its exact name, else without `provider/` before and a date or `-latest`
 * after it.
 */
export function createPriceLookup(
  own: ModelPrices = {},
): (model: string) => ModelPrice | undefined {
  const prices = new Map(Object.entries({ ...LIST_PRICES, ...own }));
  const found = new Map<string, ModelPrice | undefined>();
  return (model) => {
    if (found.has(model)) return found.get(model);
    const bare = model.replace(PROVIDER_PREFIX, "");
    const price =
      prices.get(model) ?? prices.get(bare) ?? prices.get(bare.replace(VERSION_SUFFIX, ""));
    if (found.size < KNOWN_MODELS) found.set(model, price);
    return price;
  };
}
