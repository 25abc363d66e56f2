/** US dollars per million tokens of each kind. */
export interface TokenPrices {
  /** Per million input tokens. */
  readonly input: number;
  /** Per million output tokens. */
  readonly output: number;
  /** Input read from the provider's cache. @default the price of input */
  readonly cacheRead?: number;
  /** Input written to the provider's cache. @default the price of input */
  readonly cacheWrite?: number;
  /** Input that the provider's cache keeps for an hour. @default the price of `cacheWrite` */
  readonly cacheWrite1h?: number;
  /** Output spent on reasoning. @default the price of output */
  readonly reasoning?: number;
  /** Input that stands for audio. @default the price of input */
  readonly audioInput?: number;
  /** Output that stands for audio. @default the price of output */
  readonly audioOutput?: number;
  /** Input that stands for images. @default the price of input */
  readonly imageInput?: number;
  /** Output that stands for images. @default the price of output */
  readonly imageOutput?: number;
}

/** What changes for calls with much input. */
export interface LongContextPrice extends Partial<TokenPrices> {
  /** Input tokens above which these prices are those of the whole call. */
  readonly above: number;
}

/** US dollars besides the tokens. */
export interface CallFees {
  /** Of each call, whatever its tokens. @default 0 */
  readonly request?: number;
  /** Of each search of the web by the provider: the span's attribute `webSearches` says how many. @default 0 */
  readonly webSearch?: number;
  /** Of each search of files by the provider: the span's attribute `fileSearches` says how many. @default 0 */
  readonly fileSearch?: number;
}

/** The whole price from a day on. Tiers stay as they are. */
export interface DatedPrice extends TokenPrices, CallFees {
  /** The first day, as `2026-09-23`, by UTC. */
  readonly from: string;
  /** Prices of long calls, by `above` in rising order. @default length does not matter */
  readonly longContext?: readonly LongContextPrice[];
}

/** What a call of a model costs. */
export interface ModelPrice extends TokenPrices, CallFees {
  /** Prices of long calls, by `above` in rising order. @default length does not matter */
  readonly longContext?: readonly LongContextPrice[];
  /** New prices of calls that started on a day or later, by `from` in rising order. @default the price does not change */
  readonly changes?: readonly DatedPrice[];
  /**
   * What a call in another tier costs, as a multiple of the price: `{ batch: 0.5, flex: 0.5, priority: 2 }`. Calls
   * in a tier that is not here have no cost. The tier is the span's attribute `serviceTier`.
   */
  readonly serviceTiers?: Readonly<Record<string, number>>;
}

/** Model name → price. */
export type ModelPrices = Readonly<Record<string, ModelPrice>>;
