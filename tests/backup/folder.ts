import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "@rivulet/core";
import { onTestFinished } from "vitest";

/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-backup-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that is closed after the test. What it could tell nobody else fails the test. */
export async function opened(url: string): Promise<Store> {
  const errors: Error[] = [];
  const spool = join(await aFolder(), "spool");
  const store = await openStore(url, { spool, onError: (error) => errors.push(error) });
  onTestFinished(async () => {
    await store.close();
    if (errors.length > 0) throw errors[0];
  });
  return store;
}

/** Everything below a folder, as paths relative to it. */
export async function namesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}
