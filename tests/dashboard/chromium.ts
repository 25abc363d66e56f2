import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const COMMON_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium that {@link ensureChromium} has found. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = ensureChromium();
  return chromium.launch({ executablePath, args: [...FLAGS, ...more] });
}

/** A Chromium: the one of `CHROMIUM_PATH`, an installed one, or one that is installed now. */
export function ensureChromium(): string {
  return findChromium() ?? installChromium();
}

function findChromium(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined) return named;
  return [...COMMON_PATHS, chromium.executablePath()].find((path) => existsSync(path));
}

/** Debian's package where we may install it, else Playwright's own download. */
function installChromium(): string {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync("/etc/debian_version")) {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
  }
  if (findChromium() === undefined) run("npx", ["playwright-core", "install", "chromium"]);
  const path = findChromium();
  if (path === undefined) throw new Error("No Chromium: set CHROMIUM_PATH to one.");
  return path;
}

function run(command: string, options: readonly string[]): void {
  spawnSync(command, options, { stdio: "ignore", shell: process.platform === "win32" });
}
