import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Journal, Store, StoreChange } from "@rivulet/store";
import type { ReportError } from "./error-reporter.ts";
import type { Masking } from "./masking/masking.ts";
import type { ModelContext } from "./propagation/active-model.ts";
import type { ActiveTrace } from "./propagation/propagation.ts";
import type { ActiveRun } from "./tracking/active-run.ts";

/** What `createRivulet` passes to every feature. */
export interface Context {
  /** The store, once it is open. @throws its error when it could not be opened, `closed` after `close()` */
  readonly store: () => Promise<Store>;
  /** `true` as soon as `close()` was called; for calls that need no store. */
  readonly isClosed: () => boolean;
  /** Calls a listener after changes by this or another process. Returns a function that ends the subscription. */
  readonly subscribe: (listener: (change: StoreChange) => void) => () => void;
  /** Accepts spans and metric points at once, even before the store is open. */
  readonly journal: Journal;
  /** Milliseconds since the epoch, with fractions. */
  readonly now: () => number;
  /** A random number from 0 up to 1, for draws that need not be reproducible. */
  readonly random: () => number;
  readonly ids: Ids;
  /** Masks what is to be stored. */
  readonly masking: Masking;
  /** Reports a failure that must not reach the app. Never throws. */
  readonly reportError: ReportError;
  /** Most bytes of one artifact. */
  readonly artifactBytes: number;
  /** Holds the run whose `with` encloses the code. */
  readonly activeRun: ActiveRunContext;
  /** Holds what `withTrace` says of the traces that begin in it. */
  readonly activeTrace: ModelContext;
}

/** The same as {@link ActiveRunContext}, of what is said of traces. */
export interface ActiveTraceContext {
  /** What was said, by all `withTrace` around the code. */
  getStore(): ActiveTrace | undefined;
  /** Runs `work` with that said. */
  run<R>(fields: ActiveTrace, work: () => R): R;
}

/** An `AsyncLocalStorage` of runs, whose own type would ask every app for the types of Node. */
export interface ActiveRunContext {
  /** The run whose `with` encloses the code. */
  getStore(): ActiveRun | undefined;
  /** Runs `work` with the run as the one that encloses it. */
  run<R>(run: ActiveRun, work: () => R): R;
}

/** Generates ids, ordered by time so that indexes stay compact. */
export interface Ids {
  /** Digits. */
  experiment(): string;
  /** 32 hex digits. */
  run(): string;
  /** 32 hex digits. */
  trace(): string;
  /** 16 hex digits. */
  span(): string;
  /** For assessments and artifacts: 32 hex digits. */
  entity(): string;
}

// The global `performance` and its `timeOrigin` are getters, and every span reads them twice.
const ORIGIN = performance.timeOrigin;

/** The clock to the microsecond, as stores keep times: what a verb answers is what is read later. */
export function inMicroseconds(clock: () => number): () => number {
  return () => Math.round(clock() * 1000) / 1000;
}

/** Wall clock in milliseconds, with fractions. Adjustments of the system clock do not change the length of a span. */
export function systemClock(): number {
  return ORIGIN + performance.now();
}

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
