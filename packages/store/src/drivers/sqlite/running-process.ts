import { readFileSync } from "node:fs";

/** A process, by what no other has at the same time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began: a pid is used again, in containers at once. */
  readonly processStart: number;
}

/** Clocks are set; two measurements of one start differ by less. */
const SAME_START_MS = 2000;

/** When this process began, in whole milliseconds. */
export function processStart(): number {
  return Math.round(Date.now() - process.uptime() * 1000);
}

/** Whether a process has ended. */
export function hasEnded({ pid, processStart: start }: ProcessIdentity): boolean {
  const begun = pid === process.pid ? processStart() : startOf(pid);
  // Somebody else has the pid now when that process began later.
  return begun === undefined || begun > start + SAME_START_MS;
}

/** When a running process began; undefined when there is none, 0 when it is not known. */
function startOf(pid: number): number | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  const [ticks, own] = [startTicks(pid), startTicks("self")];
  return ticks === undefined || own === undefined
    ? 0
    : processStart() + (ticks - own) * MS_PER_TICK;
}

/** Linux counts hundredths of a second since it was started. */
const MS_PER_TICK = 10;
/** Where the start is, counted from behind the name, which may hold anything. */
const START_FIELD = 19;

function startTicks(pid: number | "self"): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_FIELD]);
  } catch {
    return undefined;
  }
}
