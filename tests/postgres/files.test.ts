import { expect, test } from "vitest";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

const MB = 1024 * 1024;

test.each([0, 1, MB, 4 * MB, 4 * MB + 1, 9 * MB - 1])(
  "a file of %i bytes comes back to the byte, and takes the place of a longer one",
  async (length) => {
    const { store } = await openedPostgres(await aStoreUrl());
    const bytes = (size: number, shift: number): Buffer =>
      Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index >> 12) + index + shift));
    await store.files.write({ id: "weights", content: bytes(length + 2 * MB, 1) });
    await store.files.write({ id: "weights", content: bytes(length, 0) });
    const content = await store.files.read("weights");
    expect(bytes(length, 0).equals(content ?? Buffer.from("none"))).toBe(true);
  },
);
