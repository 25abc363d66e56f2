import * as modules from "node:module";
import { RivuletError } from "@rivulet/domain";
import type { ModelPrice } from "./model-price.ts";

/** Prices of one provider by canonical name; text is another name of the same model. */
export type ProviderPrices = Readonly<Record<string, ModelPrice | string>>;

/** The file `data/model-prices.json`, made by `pnpm prices`. */
export interface PriceList {
  /** The day of the prices: `2026-09-23`. */
  readonly date: string;
  /** The package they were taken from, with its version. */
  readonly source: string;
  /** Provider → the prices of its models. */
  readonly providers: Readonly<Record<string, ProviderPrices>>;
}

let list: PriceList | undefined;
let isLoading = false;

/**
 * The prices that come with this package. They are read when the first model's price is looked for: an app that
 * starts does not wait for them.
 *
 * @returns `undefined` while a bundle, in which no file is beside the code, loads them
 */
export function readPriceList(reportError: (error: unknown) => void): PriceList | undefined {
  list ??= readFromPackage();
  if (list === undefined && !isLoading) {
    isLoading = true;
    void loadFromBundle(reportError);
  }
  return list;
}

function readFromPackage(): PriceList | undefined {
  try {
    return modules.createRequire(import.meta.url)("@rivulet/core/model-prices.json") as PriceList;
  } catch {
    return undefined;
  }
}

async function loadFromBundle(reportError: (error: unknown) => void): Promise<void> {
  try {
    const loaded = await import("@rivulet/core/model-prices.json", { with: { type: "json" } });
    list = loaded.default;
  } catch (cause) {
    reportError(
      new RivuletError(
        "unsupported",
        "Models have no prices: @rivulet/core/model-prices.json was not found. Leave @rivulet/core out of the bundle, or give prices yourself (tracing.pricesFile).",
        { cause },
      ),
    );
  }
}
