import { readFileSync } from "node:fs";
import { RivuletError } from "@rivulet/domain";
import { LRUCache } from "lru-cache";
import { canonicalName, modelNames } from "./model-names.ts";
import type { ModelPrice, ModelPrices } from "./model-price.ts";
import { readPrices } from "./own-prices.ts";
import { type PriceList, type ProviderPrices, readPriceList } from "./price-list.ts";
import { GATEWAY, listsFor } from "./price-providers.ts";

/** The price of a model of a provider; `undefined` when nobody knows it. Never throws. */
export type FindPrice = (model: string, provider?: string) => ModelPrice | undefined;

/** What {@link createFindPrice} takes. */
export interface FindPriceOptions {
  /** The app's own prices, the strongest. */
  readonly prices?: ModelPrices | undefined;
  /** Path of a JSON file with more of them, which come before the list's. */
  readonly pricesFile?: string | undefined;
  /** Takes what goes wrong with reading prices, once. */
  readonly reportError: (error: unknown) => void;
}

/** Most models whose prices are remembered. */
const MAX_KNOWN = 1_000;
/** A gateway's variants that cost nothing. */
const FREE = /:free$/i;
const NOTHING: ModelPrice = { input: 0, output: 0 };

/** Makes a {@link FindPrice}. Files are read when the first price is looked for. */
export function createFindPrice(options: FindPriceOptions): FindPrice {
  const known = new LRUCache<string, { readonly price: ModelPrice | undefined }>({
    max: MAX_KNOWN,
  });
  let own: OwnPrices | undefined;
  return (model, provider) => {
    const key = `${provider ?? ""}\n${model}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered.price;
    own ??= readOwn(options);
    const list = readPriceList(options.reportError);
    const price = search({ own, list: list?.providers ?? {} }, model, provider);
    if (list !== undefined) known.set(key, { price });
    return price;
  };
}

type OwnPrices = ReadonlyMap<string, ModelPrice>;

interface Sources {
  readonly own: OwnPrices;
  readonly list: PriceList["providers"];
}

/** The app's prices by canonical name. Those that are wrong are reported and left out. */
function readOwn({ prices = {}, pricesFile, reportError }: FindPriceOptions): OwnPrices {
  const attempt = (read: () => ModelPrices): ModelPrices => {
    try {
      return read();
    } catch (error) {
      reportError(error);
      return {};
    }
  };
  const filed = pricesFile === undefined ? {} : attempt(() => readFile(pricesFile));
  const isGiven = Object.keys(prices).length > 0;
  const given = isGiven ? attempt(() => readPrices(prices, "tracing.prices")) : {};
  const named = Object.entries({ ...filed, ...given });
  return new Map(named.map(([model, price]) => [canonicalName(model), price]));
}

function readFile(path: string): ModelPrices {
  try {
    // Editors of Windows begin a file with a mark, which is no JSON.
    return readPrices(JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, "")), "prices");
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RivuletError(
      "invalid_argument",
      `The file of prices ${path} was left out: ${message}`,
      { cause },
    );
  }
}

function search(
  { own, list }: Sources,
  model: string,
  provider: string | undefined,
): ModelPrice | undefined {
  const names = modelNames(model);
  const mine = names.map((name) => own.get(name)).find((price) => price !== undefined);
  if (mine !== undefined) return mine;
  if (FREE.test(model)) return NOTHING;
  for (const provided of listsFor(model, provider)) {
    const prices = list[provided];
    if (prices === undefined) continue;
    // A gateway's list has the vendor in its names: nothing may be left out before it is looked for.
    const fitting = provided === GATEWAY ? names.filter((name) => name.includes("/")) : names;
    for (const name of fitting) {
      const price = priceIn(prices, name);
      if (price !== undefined) return price;
    }
  }
  return undefined;
}

function priceIn(prices: ProviderPrices, name: string): ModelPrice | undefined {
  const found = Object.hasOwn(prices, name) ? prices[name] : undefined;
  return typeof found === "string" ? priceIn(prices, found) : found;
}
