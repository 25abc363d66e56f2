import { type ChildProcess, fork, type Serializable } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { median, type RoundOptions, rotate } from "./rounds.ts";

const RUN_CONTENDER = fileURLToPath(new URL("run-contender.ts", import.meta.url));

/**
 * Like `measureRounds`, with each contender in a process of its own: what one keeps in memory makes no
 * garbage collection of another longer. They still take turns.
 *
 * @param group module whose `contenders` are measured
 */
export async function measureApart<Name extends string>(
  group: string,
  names: readonly Name[],
  { rounds, count, warmUp }: RoundOptions,
): Promise<Readonly<Record<Name, number>>> {
  const children = names.map((name) => ({ name, child: fork(RUN_CONTENDER, [group, name]) }));
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (const { child } of children) await ask(child, warmUp);
  for (let round = 0; round < rounds; round++) {
    for (const { name, child } of rotate(children, round)) {
      samples.get(name)?.push(await ask(child, count));
    }
  }
  for (const { child } of children) child.disconnect();
  await Promise.all(children.map(({ child }) => once(child, "exit")));
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)])) as Record<
    Name,
    number
  >;
}

/** Sends a message to a child, which answers with a number: a contender that is told a count, CPU microseconds per piece of work. */
export async function ask(child: ChildProcess, question: Serializable): Promise<number> {
  const answered = new AbortController();
  const { signal } = answered;
  const ended = once(child, "exit", { signal }).then(() => {
    throw new Error("A child process ended before it had answered.");
  });
  child.send(question);
  const answer = once(child, "message", { signal }) as Promise<[number]>;
  const [cpu] = await Promise.race([answer, ended]);
  ended.catch(() => undefined);
  answered.abort();
  return cpu;
}
