import { RivuletError } from "@rivulet/core";
import { type BackendFile, trackFile } from "@rivulet/store/sqlite";
import { expect, test } from "vitest";
import { aFakeBackend } from "./fake-backend.ts";

/** A file that is where it was until the test says otherwise. */
function aFile(): BackendFile & { isThere: boolean } {
  const file = {
    isThere: true,
    isInPlace: () => file.isThere,
    secure: async () => undefined,
    removeLog: () => undefined,
    backend: aFakeBackend().backend,
  };
  return file;
}

const LOST = { code: "store_unavailable", message: expect.stringContaining("/app.db was deleted") };

test("work that fails because the file was replaced under it says that, with what SQLite said as the cause", async () => {
  const file = aFile();
  const tracked = await trackFile({
    path: "/app.db",
    open: async () => file,
    report: () => undefined,
  });
  const cause = new Error("database is not open");
  const outcome = tracked.on(async () => {
    file.isThere = false;
    throw cause;
  });
  await expect(outcome).rejects.toMatchObject({ ...LOST, cause });
});

test("so does work under which another call has opened the file again, even when the old one is back", async () => {
  const first = aFile();
  const files = [first, aFile()];
  const tracked = await trackFile({
    path: "/app.db",
    open: async () => files.shift() ?? first,
    report: () => undefined,
  });
  const outcome = tracked.on(async () => {
    first.isThere = false;
    await tracked.on(async () => undefined);
    first.isThere = true;
    throw new Error("database is not open");
  });
  await expect(outcome).rejects.toMatchObject(LOST);
});

test("what is committed is secured before work and after it", async () => {
  const done: string[] = [];
  const file = { ...aFile(), secure: async () => void done.push("secured") };
  const tracked = await trackFile({
    path: "/app.db",
    open: async () => file,
    report: () => undefined,
  });
  await tracked.on(async () => done.push("worked"));
  expect(done).toEqual(["secured", "worked", "secured"]);
  await tracked.close();
  expect(done).toEqual(["secured", "worked", "secured", "secured"]);
});

test("what cannot be secured is not acknowledged", async () => {
  const reason = new RivuletError("store_unavailable", "The log was lost.");
  let isLost = false;
  const secure = async (): Promise<void> => {
    if (isLost) throw reason;
  };
  const tracked = await trackFile({
    path: "/app.db",
    open: async () => ({ ...aFile(), secure }),
    report: () => undefined,
  });
  const outcome = tracked.on(async () => {
    isLost = true;
  });
  await expect(outcome).rejects.toBe(reason);
});

test("work that fails on a file that is in its place fails for its own reason", async () => {
  const tracked = await trackFile({
    path: "/app.db",
    open: async () => aFile(),
    report: () => undefined,
  });
  const reason = new RivuletError("already_exists", "There is one.");
  await expect(tracked.on(() => Promise.reject(reason))).rejects.toBe(reason);
  await expect(tracked.ifInPlace(() => Promise.reject(reason), undefined)).rejects.toBe(reason);
});
