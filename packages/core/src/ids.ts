import { randomBytes } from "node:crypto";
import type { Ids } from "./context.ts";

/** Ids that start with the time, in MLflow's and OpenTelemetry's forms. */
export function createIds(now: () => number): Ids {
  const randomHex = createRandomHex();
  const hexTime = createHexTime(now);
  const timed = (): string => hexTime() + randomHex(10);
  return Object.freeze({
    experiment: () => `${Math.floor(now())}${randomDigits(randomHex)}`,
    run: timed,
    trace: timed,
    entity: timed,
    // The spans of a trace lie together in the index anyway, so their ids need no time.
    span: () => randomHex(8),
  });
}

/** The time in twelve hex digits. Many ids are made in one millisecond, and V8 is slow at writing hex. */
function createHexTime(now: () => number): () => string {
  let last = Number.NaN;
  let digits = "";
  return () => {
    const time = Math.floor(now());
    if (time !== last) digits = time.toString(16).padStart(12, "0").slice(-12);
    last = time;
    return digits;
  };
}

function randomDigits(randomHex: (bytes: number) => string): string {
  return String(Number.parseInt(randomHex(4), 16) % 100_000).padStart(5, "0");
}

const POOL_BYTES = 1024;

/**
 * Hex digits from a pool: one system call per span would be the dearest part of it, and a slice of a string
 * costs less than a string made of bytes.
 */
function createRandomHex(): (bytes: number) => string {
  let pool = "";
  let used = 0;
  return (bytes) => {
    if (used + 2 * bytes > pool.length) {
      pool = randomBytes(POOL_BYTES).toString("hex");
      used = 0;
    }
    used += 2 * bytes;
    return pool.slice(used - 2 * bytes, used);
  };
}
