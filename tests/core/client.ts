import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRivulet,
  type ErrorCode,
  openStore,
  type Rivulet,
  type RivuletOptions,
  type Store,
} from "@rivulet/core";
import { BUILT_AT, type FixedClock, fixedClock, hexId, sequentialIds } from "@rivulet/core/testing";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";

/** The stores that every feature is tried on. */
export const STORES = ["memory", "sqlite", "postgres"] as const;
export type StoreKind = (typeof STORES)[number];

/** When the clock of the tests starts. */
export const START = BUILT_AT;

/** The id of the nth run of a client with ids that count. */
export const runId: (n: number) => string = hexId;

/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-core-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Where a store of this kind is, and what it keeps beside itself, in a folder. */
async function placeIn(
  folder: string,
  kind: StoreKind,
): Promise<Pick<RivuletOptions, "store" | "spool">> {
  if (kind === "postgres") return { store: await aStoreUrl(), spool: join(folder, "spool") };
  return { store: kind === "memory" ? "memory:" : `sqlite:${join(folder, "test.db")}` };
}

/** A fresh store to do something in between with, closed after the test. */
export async function aStoreOf(kind: StoreKind): Promise<Store> {
  const { store = "memory:", ...options } = await placeIn(await aFolder(), kind);
  const opened = await openStore(String(store), options);
  onTestFinished(() => opened.close());
  return opened;
}

export interface TestClient {
  readonly rivulet: Rivulet;
  readonly clock: FixedClock;
  readonly errors: Error[];
}

/** A client on a fresh store, closed after the test. */
export async function aClient(kind: StoreKind, options: RivuletOptions = {}): Promise<TestClient> {
  const clock = fixedClock();
  const errors: Error[] = [];
  const rivulet = createRivulet({
    ...(await placeIn(await aFolder(), kind)),
    clock,
    ids: sequentialIds(),
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
    rivulet = createRivulet(await placeIn(folder, kind));
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
