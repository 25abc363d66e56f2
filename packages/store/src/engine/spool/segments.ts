import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Who writes a segment. */
export interface SegmentOwner {
  readonly pid: number;
  /** When the process began: a pid is used again, in containers at once. */
  readonly processStart: number;
  /** Letters and digits, new for each opened store. */
  readonly writer: string;
}

/** A file of the spool, the how-manieth of its owner. */
export interface Segment extends SegmentOwner {
  readonly name: string;
  readonly path: string;
  readonly sequence: number;
}

/** Clocks are set; two measurements of one start differ by less. */
const SAME_START_MS = 2000;
/**
 * A segment of another process is removed only when nothing was written to it for this long. A writer that
 * was quiet for half of it looks whether its file is still there.
 */
export const QUIET_MS = 60_000;

/** When this process began, in whole milliseconds. */
export function processStart(): number {
  return Math.round(Date.now() - process.uptime() * 1000);
}

/** The file name of a segment. */
export function segmentName(segment: Omit<Segment, "name" | "path">): string {
  return `${segment.pid}-${segment.processStart}-${segment.writer}-${segment.sequence}`;
}

/** All segments in a folder, in the order they were written. */
export function listSegments(folder: string): readonly Segment[] {
  return namesIn(folder)
    .flatMap((name) => parse(folder, name))
    .sort(
      (one, other) =>
        one.processStart - other.processStart ||
        compare(one.writer, other.writer) ||
        one.sequence - other.sequence,
    );
}

/** Makes the folder, for this user only. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Whether the process that wrote the segment has ended. */
export function hasEnded({ pid, processStart: start }: SegmentOwner): boolean {
  const begun = pid === process.pid ? processStart() : startOf(pid);
  // Somebody else has the pid now when that process began later.
  return begun === undefined || begun > start + SAME_START_MS;
}

/** Whether nobody has written to the segment for so long that nobody will. */
export function isQuiet({ path }: Segment): boolean {
  return Date.now() - statSync(path).mtimeMs > QUIET_MS;
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

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function parse(folder: string, name: string): readonly Segment[] {
  const [, pid, start, writer = "", sequence] = /^(\d+)-(\d+)-([a-z0-9]+)-(\d+)$/.exec(name) ?? [];
  if (pid === undefined) return [];
  return [
    {
      name,
      path: join(folder, name),
      pid: Number(pid),
      processStart: Number(start),
      writer,
      sequence: Number(sequence),
    },
  ];
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
