import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";

type OpenBrowser = (
  address: string,
  options: {
    readonly launch: (target: string) => Promise<ChildProcess>;
    readonly signal?: AbortSignal;
  },
) => Promise<boolean>;

const PACKAGE = dirname(createRequire(import.meta.url).resolve("rivulet/package.json"));
const { openBrowser } = (await import(join(PACKAGE, "src", "open-browser.ts"))) as {
  readonly openBrowser: OpenBrowser;
};

const ADDRESS = "http://localhost:3000/it's/?a=1&b=2#token=s3cret%22token";

/** What a browser sees that is started with a file or an address. */
interface Seen {
  /** Its command line, which everyone on the machine can read. */
  readonly commandLine: string;
  readonly target: string;
  readonly fileMode: number;
  readonly folderMode: number;
  readonly page: string;
}

const FAKE_BROWSER = `
const { readFileSync, statSync } = require("node:fs");
const { dirname } = require("node:path");
const [target] = process.argv.slice(1);
console.log(JSON.stringify({
  commandLine: process.argv.join(" "),
  target,
  fileMode: statSync(target).mode & 0o777,
  folderMode: statSync(dirname(target)).mode & 0o777,
  page: readFileSync(target, "utf8"),
}));`;

/** A command that stands for the browser. */
function aBrowser(): {
  readonly launch: (target: string) => Promise<ChildProcess>;
  readonly seen: () => Promise<Seen>;
} {
  const answer = Promise.withResolvers<Seen>();
  return {
    launch: async (target) => {
      const child = spawn(process.execPath, ["-e", FAKE_BROWSER, target]);
      const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
      answer.resolve(JSON.parse(output) as Seen);
      return child;
    },
    seen: () => answer.promise,
  };
}

beforeEach(() => {
  vi.stubEnv("CI", undefined);
  vi.stubEnv("SSH_CONNECTION", undefined);
  vi.stubEnv("WSL_DISTRO_NAME", undefined);
  vi.stubEnv("DISPLAY", ":0");
  const { isTTY } = process.stdout;
  process.stdout.isTTY = true;
  onTestFinished(() => {
    process.stdout.isTTY = isTTY;
    vi.unstubAllEnvs();
  });
});

test("the browser is given a page that leads to the address, and no command line shows the token", async () => {
  const { launch, seen } = aBrowser();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  expect(await openBrowser(ADDRESS, { launch, signal: stop.signal })).toBe(true);
  const { commandLine, fileMode, folderMode, page } = await seen();
  expect(commandLine).not.toContain("token");
  expect({ fileMode, folderMode }).toEqual({ fileMode: 0o600, folderMode: 0o700 });
  const [, url = ""] = /<meta http-equiv="refresh" content="0; url=([^"]*)">/.exec(page) ?? [];
  expect(url).toBe("http://localhost:3000/it&#39;s/?a=1&amp;b=2#token=s3cret%22token");
});

test("the page is gone after ten seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { launch, seen } = aBrowser();
  await openBrowser(ADDRESS, { launch });
  const { target } = await seen();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(existsSync(target)).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(existsSync(dirname(target))).toBe(false);
});

test("the page is gone at once when the command is stopped, and when there is no browser after all", async () => {
  const { launch, seen } = aBrowser();
  const controller = new AbortController();
  await openBrowser(ADDRESS, { launch, signal: controller.signal });
  const { target } = await seen();
  expect(existsSync(target)).toBe(true);
  controller.abort();
  expect(existsSync(dirname(target))).toBe(false);

  let given = "";
  const fail = async (page: string): Promise<ChildProcess> => {
    given = page;
    throw new Error("no browser");
  };
  expect(await openBrowser(ADDRESS, { launch: fail })).toBe(false);
  expect(given).toMatch(/\.html$/);
  expect(existsSync(dirname(given))).toBe(false);
});

test("a browser on Windows, which cannot open files of Linux inside it, is given the address", async () => {
  vi.stubEnv("WSL_DISTRO_NAME", "Debian");
  const targets: string[] = [];
  const launch = async (target: string): Promise<ChildProcess> => {
    targets.push(target);
    return spawn(process.execPath, ["--version"]);
  };
  expect(await openBrowser(ADDRESS, { launch })).toBe(true);
  expect(targets).toEqual([ADDRESS]);
});

test("nobody is sent a page where no screen is", async () => {
  vi.stubEnv("DISPLAY", "");
  vi.stubEnv("WAYLAND_DISPLAY", undefined);
  const launch = async (): Promise<ChildProcess> => expect.fail("a browser was started");
  expect(await openBrowser(ADDRESS, { launch })).toBe(false);
});
