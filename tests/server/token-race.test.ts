import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it, vi } from "vitest";
import { aFolder } from "./api-client.ts";
import { aHandlerOn, aRivulet, tokenOf, watchPrinted } from "./token-calls.ts";

const THEIRS = "T".repeat(43);

// Another process gives its token the name in the moment before ours would get it.
vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const linkSync: typeof fs.linkSync = (from, to) => {
    if (String(to).endsWith(".token")) fs.writeFileSync(to, `${THEIRS}\n`, { mode: 0o600 });
    fs.linkSync(from, to);
  };
  return { ...fs, linkSync };
});

watchPrinted();

it("a token that another process has kept a moment earlier is the token, and stays", async () => {
  const path = join(await aFolder(), "app.db");
  const errors: Error[] = [];
  const { token } = await tokenOf(aHandlerOn(aRivulet(`sqlite:${path}`, errors), {}));
  expect(token).toBe(THEIRS);
  expect(await readFile(`${path}.token`, "utf8")).toBe(`${THEIRS}\n`);
  expect((await readdir(dirname(path))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  expect(errors).toEqual([]);
});
