import type { StoreDescription } from "@rivulet/core";
import { formatBytes, formatCount } from "../../format/numbers.ts";

type Retention = StoreDescription["retention"];
type Policy = Exclude<Retention["policy"], false>;

const DAY_MS = 86_400_000;

/** Nobody has said how long traces are kept: neither to this server nor to another client of the store. */
export function isByDefault({ isDefault, givenAt }: Retention): boolean {
  return isDefault && givenAt === undefined;
}

/** Which traces a policy removes, such as `older than 30 days or beyond 5.0 GB`. */
export function policyWords({ maxAgeMs, maxTraces, maxBytes }: Policy): string {
  const limits = [
    maxAgeMs === undefined ? "" : `older than ${daysWords(maxAgeMs)}`,
    maxTraces === undefined ? "" : `beyond the newest ${formatCount(maxTraces)}`,
    maxBytes === undefined ? "" : `beyond ${formatBytes(maxBytes)}`,
  ].filter((limit) => limit !== "");
  return limits.join(" or ");
}

function daysWords(ms: number): string {
  const days = Math.round((ms / DAY_MS) * 10) / 10;
  return days === 1 ? "1 day" : `${formatCount(days)} days`;
}

/** Why traces were removed. */
const REASONS: Readonly<Record<"age" | "count" | "size", string>> = {
  age: "they were too old",
  count: "there were too many",
  size: "they took too much room",
};

/** Why traces were removed, in words. */
export function reasonsWords(because: readonly (keyof typeof REASONS)[]): string {
  return because.map((reason) => REASONS[reason]).join(", ");
}
