import { execFile } from "node:child_process";
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createRivulet, openStore } from "@rivulet/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { aFolder } from "./api-client.ts";
import { aHandlerOn, aRivulet, call, tokenOf, watchPrinted } from "./token-calls.ts";

watchPrinted();

describe("the token", () => {
  it("is RIVULET_TOKEN where that is set", async () => {
    vi.stubEnv("RIVULET_TOKEN", "from-the-environment");
    const folder = await aFolder();
    const handler = aHandlerOn(aRivulet(`sqlite:${join(folder, "app.db")}`), {});
    expect((await tokenOf(handler)).token).toBe("from-the-environment");
    await expect(stat(join(folder, "app.db.token"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["sqlite", "app.db", "app.db.token"],
    ["json", "project", "project/local/token"],
  ])("is kept beside a %s store, for its owner's eyes only", async (scheme, store, file) => {
    const folder = await aFolder();
    const url = `${scheme}:${join(folder, store)}`;
    const first = await tokenOf(aHandlerOn(aRivulet(url), {}));
    const path = join(folder, file);
    expect(await readFile(path, "utf8")).toBe(`${first.token}\n`);
    expect(first.token).toMatch(/^[\w-]{43}$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    if (scheme === "json") return;
    const second = await tokenOf(aHandlerOn(aRivulet(url), {}));
    expect(second.token).toBe(first.token);
  });

  it("is one, however many processes look for it first", async () => {
    const store = `sqlite:${join(await aFolder(), "app.db")}`;
    const child = join(import.meta.dirname, "children", "print-token.ts");
    const args = ["--conditions=@rivulet/source", child, store];
    const outputs = await Promise.all(
      Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, args)),
    );
    const addresses = new Set(outputs.map(({ stdout }) => stdout.trim()));
    expect([...addresses]).toEqual([expect.stringMatching(/^http:.*#token=[\w-]{43}$/)]);
    expect(outputs.map(({ stderr }) => stderr).join("")).toBe("");
    expect(await readdir(dirname(store.slice("sqlite:".length)))).not.toContainEqual(
      expect.stringMatching(/\.tmp$/),
    );
  }, 60_000);

  it("is one by whatever name the store is called", async () => {
    const folder = await aFolder();
    await mkdir(join(folder, "real"));
    await symlink(join(folder, "real"), join(folder, "linked"));
    const real = `sqlite:${join(folder, "real", "app.db")}`;
    const linked = `sqlite:${join(folder, "linked", "app.db")}`;
    const { token } = await tokenOf(aHandlerOn(aRivulet(real), {}));
    expect((await tokenOf(aHandlerOn(aRivulet(linked), {}))).token).toBe(token);
  });

  it.each([
    ["others can read", (path: string) => chmod(path, 0o644), /other users can read the file/],
    ["is empty", (path: string) => writeFile(path, ""), /holds no token/],
    ["is a guess", (path: string) => writeFile(path, "guess"), /holds no token/],
    [
      "goes on for ever",
      (path: string) => appendFile(path, " ".repeat(1_000_000)),
      /holds no token/,
    ],
  ])("is not taken from a file that %s; that is reported", async (_, spoil, message) => {
    const path = join(await aFolder(), "app.db");
    const url = `sqlite:${path}`;
    const { token } = await tokenOf(aHandlerOn(aRivulet(url), {}));
    await spoil(`${path}.token`);
    const before = await readFile(`${path}.token`, "utf8");
    const errors: Error[] = [];
    const rivulet = aRivulet(url, errors);
    const again = await tokenOf(aHandlerOn(rivulet, {}));
    expect(again.token).toMatch(/^[\w-]{43}$/);
    expect([token, before.trim()]).not.toContain(again.token);
    expect(errors.map((error) => error.message)).toEqual([expect.stringMatching(message)]);
    expect(await readFile(`${path}.token`, "utf8")).toBe(before);
  });

  it.each([
    ["a folder", (path: string) => mkdir(path, { mode: 0o700 })],
    ["a pipe", (path: string) => promisify(execFile)("mkfifo", ["-m", "600", path])],
  ])("is not taken from %s; that is reported", async (_, make) => {
    const path = join(await aFolder(), "app.db");
    await make(`${path}.token`);
    const errors: Error[] = [];
    const { token } = await tokenOf(aHandlerOn(aRivulet(`sqlite:${path}`, errors), {}));
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(errors.map((error) => error.message)).toEqual([
      expect.stringMatching(/is ignored: it is not a file/),
    ]);
  });

  it("is not taken through a link", async () => {
    const folder = await aFolder();
    const path = join(folder, "app.db");
    await writeFile(join(folder, "bait"), `${"A".repeat(43)}\n`, { mode: 0o600 });
    await symlink(join(folder, "bait"), `${path}.token`);
    const errors: Error[] = [];
    const { token } = await tokenOf(aHandlerOn(aRivulet(`sqlite:${path}`, errors), {}));
    expect(token).not.toBe("A".repeat(43));
    expect(errors).toHaveLength(1);
  });

  it("is of the process where the store is in memory or only read", async () => {
    const folder = await aFolder();
    const url = `sqlite:${join(folder, "app.db")}`;
    await (await openStore(url)).close();
    for (const store of ["memory:", await openStore(url, { readOnly: true })]) {
      const rivulet = createRivulet({ store });
      onTestFinished(() => rivulet.close());
      const one = await tokenOf(aHandlerOn(rivulet, {}));
      const other = await tokenOf(aHandlerOn(rivulet, {}));
      expect(one.token).not.toBe(other.token);
    }
    await expect(stat(join(folder, "app.db.token"))).rejects.toThrow("ENOENT");
  });

  it("is not looked for, and no store is opened, before somebody asks", async () => {
    const folder = await aFolder();
    const rivulet = aRivulet(`sqlite:${join(folder, "new", "app.db")}`);
    aHandlerOn(rivulet, {});
    await expect(stat(join(folder, "new", "app.db.token"))).rejects.toThrow("ENOENT");
  });

  it("cannot be known when the store cannot be opened: strangers are not told why", async () => {
    const errors: Error[] = [];
    const file = join(await aFolder(), "app.db");
    await writeFile(file, "no database");
    const handler = aHandlerOn(aRivulet(`sqlite:${file}`, errors), {});
    const answer = await call(handler, "/api/v1/me");
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain(file);
    expect(errors.length).toBeGreaterThan(0);
  });
});
