import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { SOURCE_FLAGS } from "../source-flags.ts";

/** A program of `children/` in a process of its own, gone after the test. */
export interface Child {
  readonly process: ChildProcess;
  /** What it prints first. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<void>;
}

export function startChild(name: string, ...args: readonly string[]): Child {
  const file = fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...SOURCE_FLAGS, file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  return {
    process: child,
    firstLine: once(lines, "line").then(([line]) => String(line)),
    ended: once(child, "close").then(() => undefined),
  };
}
