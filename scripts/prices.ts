import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { findProvider, type MatchLogic, type ModelInfo } from "@pydantic/genai-prices";
import { canonicalName, modelNames } from "../packages/core/src/tracing/prices/model-names.ts";
import {
  CLOUDS,
  GATEWAY,
  HOSTS,
  VENDORS,
} from "../packages/core/src/tracing/prices/price-providers.ts";

// Makes packages/core/data/model-prices.json from @pydantic/genai-prices. To refresh it:
// pnpm update -w @pydantic/genai-prices && pnpm prices

const PACKAGE = "@pydantic/genai-prices";
const FILE = new URL("../packages/core/data/model-prices.json", import.meta.url);

/** The day at the end of a name. */
const DAY = /[-@]20\d{6}$/;

type Price = Record<string, unknown>;
/** Name → price, or another name of the same model. */
type PriceTable = Record<string, Price | string>;
type Prices = Exclude<ModelInfo["prices"], unknown[]>;
type Amount = NonNullable<Prices[string]>;

/** Their names → ours; those without one are not counted in tokens. */
const KINDS: Readonly<Record<string, string>> = {
  input_mtok: "input",
  output_mtok: "output",
  cache_read_mtok: "cacheRead",
  cache_write_mtok: "cacheWrite",
  cache_write_1h_mtok: "cacheWrite1h",
  output_reasoning_mtok: "reasoning",
  input_audio_mtok: "audioInput",
  output_audio_mtok: "audioOutput",
  input_image_mtok: "imageInput",
  output_image_mtok: "imageOutput",
};

/** Their names for what costs something by the thousand → ours for one of it. */
const FEES: Readonly<Record<string, string>> = {
  requests_kcount: "request",
  web_searches_kcount: "webSearch",
  storage_searches_kcount: "fileSearch",
};

/** As the vendors' pages say: a batch, and flex processing where there is one, cost half. */
const SERVICE_TIERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  openai: { batch: 0.5, flex: 0.5 },
  anthropic: { batch: 0.5 },
  google: { batch: 0.5, flex: 0.5 },
};

const version = versionOf(PACKAGE);
const date = publishedOn(PACKAGE, version);
const providers: Record<string, PriceTable> = {};
for (const id of [...VENDORS, ...CLOUDS, ...HOSTS]) providers[id] = pricesOf(id);
providers[GATEWAY] = ofNobodyElse(pricesOf(GATEWAY));
const list = { date, source: `${PACKAGE} ${version}`, providers };
writeFileSync(FILE, `${write(list)}\n`);

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function publishedOn(name: string, published: string): string {
  const times: unknown = JSON.parse(
    execFileSync("npm", ["view", name, "time", "--json"], { encoding: "utf8" }),
  );
  const time = (times as Record<string, string>)[published];
  if (time === undefined) throw new Error(`${name} ${published} was never published.`);
  return time.slice(0, 10);
}

function pricesOf(providerId: string): PriceTable {
  const provider = findProvider({ providerId });
  if (provider === undefined) throw new Error(`${PACKAGE} has no ${providerId}.`);
  const prices: PriceTable = {};
  for (const model of provider.models) {
    const price = priceOf(model, providerId);
    if (price !== undefined) prices[nameOf(model.id)] ??= price;
  }
  for (const name of Object.keys(prices)) {
    prices[name.replace(DAY, "")] ??= name;
    if (HOSTS.includes(providerId)) prices[name.replace(/^.*\//, "")] ??= name;
  }
  for (const model of provider.models) addOtherNames(prices, model);
  return prices;
}

/** Adds the names that the model is matched by, unless they lead to it already. */
function addOtherNames(prices: PriceTable, model: ModelInfo): void {
  const name = nameOf(model.id);
  if (!Object.hasOwn(prices, name)) return;
  for (const other of namesIn(model.match).map(nameOf)) {
    const isFound = modelNames(other).some((known) => known === name || prices[known] === name);
    // All versions of a model by the price of the first would be wrong.
    const isOfVersion = name.startsWith(`${other}-v`);
    if (!isFound && !isOfVersion && other !== "") prices[other] ??= name;
  }
}

/** What stands for the price of a region is the price without one. */
function nameOf(id: string): string {
  return canonicalName(id)
    .replace(/^regional\./, "")
    .replace(/-v\d+(:\d+)?$/, (suffix) => (suffix.includes(":") ? "" : suffix))
    .replace(/[-@]$/, "");
}

function namesIn(match: MatchLogic): readonly string[] {
  if ("or" in match) return match.or.flatMap(namesIn);
  if ("and" in match) return match.and.flatMap(namesIn);
  if ("equals" in match) return [match.equals];
  if ("starts_with" in match) return [match.starts_with];
  return "contains" in match ? [match.contains] : [];
}

function priceOf({ prices }: ModelInfo, providerId: string): Price | undefined {
  const [first, ...later] = pricesByDay(prices);
  const price = first && amountsOf(first.prices);
  if (price === undefined) return undefined;
  const changes = later.flatMap(({ from, prices: changed }) => {
    const amounts = amountsOf(changed);
    return amounts === undefined ? [] : [{ from, ...amounts }];
  });
  const serviceTiers = SERVICE_TIERS[providerId];
  return {
    ...price,
    ...(changes.length === 0 ? {} : { changes }),
    ...(serviceTiers === undefined ? {} : { serviceTiers }),
  };
}

interface PricesOfDay {
  readonly from: string;
  readonly prices: Prices;
}

/** The prices from the beginning, and from each day on which they change. */
function pricesByDay(prices: ModelInfo["prices"]): readonly PricesOfDay[] {
  if (!Array.isArray(prices)) return [{ from: "", prices }];
  const days = prices.flatMap(({ constraint }) =>
    constraint?.type === "start_date" ? [constraint.start_date] : [],
  );
  return ["", ...days.sort()].map((from) => ({ from, prices: pricesOn(prices, from) }));
}

function amountsOf(now: Prices): Price | undefined {
  const kinds = Object.entries(KINDS).flatMap(([theirs, ours]) => {
    const amount = now[theirs];
    return amount === undefined ? [] : [[ours, amount] as const];
  });
  const price = Object.fromEntries(kinds.map(([kind, amount]) => [kind, baseOf(amount)]));
  if (price["input"] === undefined && price["output"] === undefined) return undefined;
  const fees = Object.entries(FEES).flatMap(([theirs, ours]) => {
    const perThousand = now[theirs];
    return typeof perThousand === "number" ? [[ours, perThousand / 1000] as const] : [];
  });
  const longContext = longContextOf(kinds);
  return {
    input: 0,
    output: 0,
    ...price,
    ...Object.fromEntries(fees),
    ...(longContext.length === 0 ? {} : { longContext }),
  };
}

function baseOf(amount: Amount): number {
  return typeof amount === "number" ? amount : amount.base;
}

/** The prices of long calls: length → what is different above it. */
function longContextOf(kinds: readonly (readonly [kind: string, amount: Amount])[]): Price[] {
  const long = new Map<number, Price>();
  for (const [kind, amount] of kinds) {
    for (const { start, price } of typeof amount === "number" ? [] : amount.tiers) {
      long.set(start, { ...long.get(start), [kind]: price });
    }
  }
  return [...long].sort(([a], [b]) => a - b).map(([above, changed]) => ({ above, ...changed }));
}

/** The price at noon (UTC) of a day: some are other ones at other hours. */
function pricesOn(prices: Exclude<ModelInfo["prices"], Prices>, day: string): Prices {
  const current = prices.findLast(({ constraint }) => {
    if (constraint === undefined) return true;
    if (constraint.type === "start_date") return constraint.start_date <= day;
    return constraint.start_time <= "12:00:00Z" && "12:00:00Z" < constraint.end_time;
  });
  if (current === undefined) throw new Error("A model has no price at noon.");
  return current.prices;
}

/** Of a gateway's list only what no vendor sells itself. */
function ofNobodyElse(prices: PriceTable): PriceTable {
  const isOfVendor = (name: string): boolean =>
    modelNames(name).some((part) =>
      VENDORS.some((vendor) => Object.hasOwn(providers[vendor] ?? {}, part)),
    );
  const kept = Object.entries(prices).filter(
    ([name]) => name.includes("/") && !name.endsWith(":free") && !isOfVendor(name),
  );
  const names = new Set(kept.map(([name]) => name));
  return Object.fromEntries(
    kept.filter(([, price]) => typeof price !== "string" || names.has(price)),
  );
}

/** JSON with one line for each model, so that a refresh shows what changed. */
function write(value: typeof list): string {
  const sections = Object.entries(value.providers).map(([id, prices]) => {
    const lines = Object.entries(prices)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, price]) => `      ${JSON.stringify(name)}: ${JSON.stringify(price)}`);
    return `    ${JSON.stringify(id)}: {\n${lines.join(",\n")}\n    }`;
  });
  return `{\n  "date": ${JSON.stringify(value.date)},\n  "source": ${JSON.stringify(value.source)},\n  "providers": {\n${sections.join(",\n")}\n  }\n}`;
}
