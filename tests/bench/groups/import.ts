import { execFileSync } from "node:child_process";
import { atMost, type Figure } from "../figure.ts";
import type { Measure } from "../group.ts";

const ROUNDS = 15;
const ENTRIES = [
  { name: "@rivulet/core", limit: 60, address: import.meta.resolve("@rivulet/core") },
  { name: "@rivulet/express", limit: 150, address: import.meta.resolve("@rivulet/express") },
];

/** What an import costs an app that starts: CPU of a process that does nothing else, above one that does not even that. */
export const measure: Measure = async () => {
  const costs = ENTRIES.map(({ address }) => ({ address, times: [] as number[] }));
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(startCost(""));
    for (const { address, times } of costs) times.push(startCost(`await import("${address}")`));
  }
  // Whatever else runs makes a start dearer, never cheaper: the cheapest is the truest.
  const floor = Math.min(...bare);
  return ENTRIES.map(({ name, limit }, index): Figure => {
    const value = Math.min(...(costs[index]?.times ?? [])) - floor;
    return atMost(limit, `import: ${name}, above bare Node`, {
      value,
      unit: "ms",
      detail: `bare Node: ${floor.toFixed(0)} ms`,
    });
  });
};

/** Milliseconds of CPU of a process that runs some code. */
function startCost(code: string): number {
  const report = "const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)";
  const args = ["--input-type=module", "--eval", `${code};${report}`];
  // Compiled anew each time, and no caches of the benchmark's own process.
  return Number(execFileSync(process.execPath, args, { env: {}, encoding: "utf8" }));
}
