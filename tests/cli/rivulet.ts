import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { SOURCE_FLAGS } from "../source-flags.ts";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("rivulet/package.json"));
/** The command, from its sources. */
export const BIN: readonly string[] = [...SOURCE_FLAGS, join(PACKAGE, "src", "bin.ts")];

/** What a command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `rivulet …` as a process; it is gone after the test. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const { RIVULET_STORE: _store, RIVULET_TOKEN: _token, ...inherited } = process.env;
  const child = spawn(process.execPath, [...BIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...inherited, NO_COLOR: "1", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Runs `rivulet …` to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return finish(start(args, options));
}

/** Waits for the end of a process. */
export async function finish(child: ChildProcess): Promise<Finished> {
  if (child.stdout === null || child.stderr === null) throw new Error("no pipes");
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "close"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** What `serve` shows, to somebody who is signed in. */
export interface Site {
  /** With its slash, without the token. */
  readonly url: string;
  /** Empty when none was printed. */
  readonly token: string;
  /** Asks below the URL, with the token. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** Waits until `serve` prints where it is. */
export async function readSite(child: ChildProcess): Promise<Site> {
  if (child.stdout === null) throw new Error("no pipe");
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url, token = ""] = /(http:\/\/[^\s#]+)(?:#token=(\S+))?/.exec(line) ?? [];
    if (url !== undefined) return siteAt(url, token);
  }
  throw new Error("serve ended before it was ready");
}

function siteAt(url: string, token: string): Site {
  return {
    url,
    token,
    ask: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (token !== "") headers.set("authorization", `Bearer ${token}`);
      return fetch(`${url}${path}`, { ...init, headers });
    },
  };
}

/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
