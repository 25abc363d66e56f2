import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRivulet,
  type ErrorCode,
  type Ids,
  type Rivulet,
  type RivuletOptions,
} from "@rivulet/core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

/** The stores that every feature is tried on. */
export const STORES = ["memory", "sqlite"] as const;
export type StoreKind = (typeof STORES)[number];

/** When the clock of the tests starts. */
export const START = 1_700_000_000_000;

/** A clock that moves when it is told to. */
export interface TestClock {
  (): number;
  advance(milliseconds: number): void;
}

export function aClock(): TestClock {
  let time = START;
  return Object.assign(() => time, {
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
  });
}

/** Ids that count: run `1` is 31 zeros and a one. */
export function countingIds(): Ids {
  const counts = new Map<string, number>();
  const next = (kind: string, width: number): string => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count.toString(16).padStart(width, "0");
  };
  return {
    experiment: () => next("experiment", 1),
    run: () => next("run", 32),
    trace: () => next("trace", 32),
    span: () => next("span", 16),
    entity: () => next("entity", 32),
  };
}

/** The id of the nth run of a client with counting ids. */
export function runId(n: number): string {
  return n.toString(16).padStart(32, "0");
}

/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-core-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function storeUrl(kind: StoreKind): Promise<string> {
  return kind === "memory" ? "memory:" : urlIn(await aFolder(), kind);
}

function urlIn(folder: string, kind: StoreKind): string {
  return kind === "memory" ? "memory:" : `sqlite:${join(folder, "test.db")}`;
}

export interface TestClient {
  readonly rivulet: Rivulet;
  readonly clock: TestClock;
  readonly errors: Error[];
}

/** A client on a fresh store, closed after the test. */
export async function aClient(kind: StoreKind, options: RivuletOptions = {}): Promise<TestClient> {
  const clock = aClock();
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store: await storeUrl(kind),
    clock,
    ids: countingIds(),
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(() => rivulet.close());
  return { rivulet, clock, errors };
}

/** What an error with this code looks like, for `rejects.toMatchObject`. */
export function refusal(code: ErrorCode, message: RegExp): object {
  return { name: "RivuletError", code, message: expect.stringMatching(message) };
}

/** One client for all tests of a group that do not get into each other's way. */
export function sharedClient(kind: StoreKind = "memory"): () => Rivulet {
  let rivulet: Rivulet | undefined;
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rivulet-core-"));
    rivulet = createRivulet({ store: urlIn(folder, kind) });
  });
  afterAll(async () => {
    await rivulet?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (rivulet === undefined) throw new Error("no client outside of a test");
    return rivulet;
  };
}
