import { randomFillSync } from "node:crypto";
import type { Ids } from "./context.ts";

/** Ids that start with the time, in MLflow's and OpenTelemetry's forms. */
export function createIds(now: () => number): Ids {
  const randomHex = createRandomHex();
  const timed = (): string =>
    Math.floor(now()).toString(16).padStart(12, "0").slice(-12) + randomHex(10);
  return Object.freeze({
    experiment: () => `${Math.floor(now())}${randomDigits(randomHex)}`,
    run: timed,
    trace: timed,
    entity: timed,
    // The spans of a trace lie together in the index anyway, so their ids need no time.
    span: () => randomHex(8),
  });
}

function randomDigits(randomHex: (bytes: number) => string): string {
  return String(Number.parseInt(randomHex(4), 16) % 100_000).padStart(5, "0");
}

/** Hex digits from a pool, because one system call per span would be the dearest part of it. */
function createRandomHex(): (bytes: number) => string {
  const pool = Buffer.alloc(4096);
  let used = pool.length;
  return (bytes) => {
    if (used + bytes > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const hex = pool.toString("hex", used, used + bytes);
    used += bytes;
    return hex;
  };
}
