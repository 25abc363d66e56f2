import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { SOURCE_FLAGS } from "../source-flags.ts";

/** A program of `children/` in a process of its own. */
export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: Interface;
  /** Resolves with the exit code, null after a signal. */
  readonly ended: Promise<number | null>;
}

export function startChild(name: string, ...args: readonly string[]): Child {
  return spawnChild(process.execPath, [...SOURCE_FLAGS, fileOf(name), ...args]);
}

/** The same as an app would run it: without the package manager's way to all that the workspace has. */
export function startAppChild(name: string, ...args: readonly string[]): Child {
  const { NODE_PATH: _, ...env } = process.env;
  return spawnChild(process.execPath, [...SOURCE_FLAGS, fileOf(name), ...args], env);
}

/** The same on another Node, with the packages as they were built: it may not know the sources' syntax. */
export function startChildOn(node: string, name: string, ...args: readonly string[]): Child {
  return spawnChild(node, [fileOf(name), ...args]);
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
}

function spawnChild(
  node: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Child {
  const child = spawn(node, args, { stdio: ["pipe", "pipe", "inherit"], env });
  return {
    process: child,
    lines: createInterface({ input: child.stdout }),
    ended: once(child, "close").then(([code]) => code as number | null),
  };
}

/** Everything a child has printed when it ends. */
export async function linesOf(child: Child): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of child.lines) lines.push(line);
  await child.ended;
  return lines;
}
