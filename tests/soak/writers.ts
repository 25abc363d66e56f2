import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Acknowledged } from "./verbs.ts";

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));

/** What processes said. */
export interface Said {
  readonly acknowledged: Acknowledged[];
  readonly errors: string[];
  kills: number;
}

/** How long processes write, and how often one of them is killed. */
export interface Plan {
  readonly url: string;
  readonly processes: number;
  readonly seconds: number;
  /** Each process is killed after a random time and replaced, until so many were killed. */
  readonly kills: number;
}

/** Lets processes write to one store. */
export async function letWrite(plan: Plan): Promise<Said> {
  const said: Said = { acknowledged: [], errors: [], kills: 0 };
  const until = performance.now() + plan.seconds * 1000;
  const lanes = Array.from({ length: plan.processes }, (_, lane) =>
    plan.kills > 0 ? killAgain(plan, lane, said) : writeUntil(plan, { lane, until }, said),
  );
  await Promise.all(lanes);
  return said;
}

async function writeUntil(
  plan: Plan,
  { lane, until }: { readonly lane: number; readonly until: number },
  said: Said,
): Promise<void> {
  const child = start(plan.url, `${lane}`, said);
  await wait(until - performance.now());
  child.stdin?.end();
  await ended(child, said);
}

async function killAgain(plan: Plan, lane: number, said: Said): Promise<void> {
  for (let round = 0; said.kills < plan.kills; round += 1) {
    said.kills += 1;
    const child = start(plan.url, `${lane}.${round}`, said);
    const closed = once(child, "close");
    if (child.stdout !== null) await Promise.race([once(child.stdout, "data"), closed]);
    await wait(Math.random() * 400);
    child.kill("SIGKILL");
    await closed;
  }
}

function start(url: string, name: string, said: Said): ChildProcess {
  const child = spawn(process.execPath, ["--conditions=@rivulet/source", WRITER, url, name], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const entry = JSON.parse(line) as Acknowledged | { readonly error: string };
    if ("error" in entry) said.errors.push(entry.error);
    else said.acknowledged.push(entry);
  });
  return child;
}

async function ended(child: ChildProcess, said: Said): Promise<void> {
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) said.errors.push(`a process ended with ${code}`);
}
