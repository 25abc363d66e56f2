import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SOURCE_FLAGS } from "../source-flags.ts";
import type { Acknowledged } from "./verbs.ts";

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));

/** What processes said. */
export interface Said {
  readonly acknowledged: Acknowledged[];
  readonly errors: string[];
  kills: number;
}

/** How long or how often processes write, and how many of them are killed. */
export interface Plan {
  readonly url: string;
  readonly processes: number;
  readonly seconds?: number;
  /** Each process ends after so many. */
  readonly writes?: number;
  /** Each process is killed after a random time and replaced, until so many were killed. */
  readonly kills?: number;
}

/** Lets processes write to one store. */
export async function letWrite(plan: Plan): Promise<Said> {
  const said: Said = { acknowledged: [], errors: [], kills: 0 };
  const lanes = Array.from({ length: plan.processes }, (_, lane) =>
    plan.kills === undefined ? writeToEnd(plan, lane, said) : killAgain(plan, lane, said),
  );
  await Promise.all(lanes);
  return said;
}

async function writeToEnd(plan: Plan, lane: number, said: Said): Promise<void> {
  const child = start(plan, `${lane}`, said);
  const closed = once(child, "close");
  if (plan.seconds !== undefined) {
    await Promise.race([wait(plan.seconds * 1000), closed]);
    child.stdin?.end();
  }
  const [code] = (await closed) as [number | null];
  if (code !== 0) said.errors.push(`a process ended with ${code}`);
}

async function killAgain(plan: Plan, lane: number, said: Said): Promise<void> {
  for (let round = 0; said.kills < (plan.kills ?? 0); round += 1) {
    said.kills += 1;
    const child = start(plan, `${lane}.${round}`, said);
    const closed = once(child, "close");
    if (child.stdout !== null) await Promise.race([once(child.stdout, "data"), closed]);
    await wait(Math.random() * 400);
    child.kill("SIGKILL");
    await closed;
  }
}

function start({ url, writes }: Plan, name: string, said: Said): ChildProcess {
  const child = spawn(
    process.execPath,
    [...SOURCE_FLAGS, WRITER, url, name, String(writes ?? Number.POSITIVE_INFINITY)],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  createInterface({ input: child.stdout }).on("line", (line) => {
    const entry = JSON.parse(line) as Acknowledged | { readonly error: string };
    if ("error" in entry) said.errors.push(entry.error);
    else said.acknowledged.push(entry);
  });
  return child;
}
