import { join } from "node:path";
import type { Store } from "@rivulet/core";
import { aRun } from "@rivulet/core/testing";
import { describe, expect, test } from "vitest";
import { aFolder, opened } from "./folder.ts";

/** What a call fails with. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "nothing",
    (error: unknown) => error,
  );
}

describe.each(["memory", "sqlite"])("calls of a %s: store", (scheme) => {
  async function aStore(): Promise<Store> {
    const url = scheme === "memory" ? "memory:" : `sqlite:${join(await aFolder(), "calls.db")}`;
    return (await opened(url)).store;
  }

  test("fail with the code, the message and the facts that the database gave", async () => {
    const store = await aStore();
    expect(await errorOf(store.runs.update({ id: "none", name: "x" }))).toMatchObject({
      name: "RivuletError",
      code: "not_found",
      message: 'No run has the id "none".',
    });
    const query = { where: [], order: [], limit: 10, pageToken: "forged", experimentIds: [] };
    expect(await errorOf(store.traces.search(query))).toMatchObject({ code: "invalid_argument" });
  });

  test("carry bytes there and back", async () => {
    const store = await aStore();
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    await store.files.write({ id: "abcd0123", content });
    const read = await store.files.read("abcd0123");
    expect(Buffer.compare(read ?? Buffer.alloc(0), content)).toBe(0);
    expect(await store.files.delete(["abcd0123"])).toEqual(["abcd0123"]);
    expect(await store.files.read("abcd0123")).toBeUndefined();
  });

  test("refuse an argument that cannot be copied", async () => {
    const store = await aStore();
    const run = { ...aRun(), name: () => "a function" };
    expect(await errorOf(store.runs.create(run as never))).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("An argument contains something that cannot be stored"),
    });
    expect(await store.runs.get(aRun().id)).toBeUndefined();
  });
});
