import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A spool file: which process made it, and the how-manieth of its maker it is. */
export interface Segment {
  readonly name: string;
  readonly path: string;
  readonly pid: number;
  /** Names the process beyond its pid, which a restarted container uses again. */
  readonly processStart: number;
  readonly writer: string;
  readonly sequence: number;
}

/** When this process began, in whole milliseconds: the same in all its threads. */
export function processStart(): number {
  return Math.round(Date.now() - process.uptime() * 1000);
}

/** The file name of a segment. */
export function segmentName({
  pid,
  processStart: start,
  writer,
  sequence,
}: Omit<Segment, "name" | "path">): string {
  return `${pid}-${start}-${writer}-${sequence}`;
}

/** All segments in a folder, oldest of each writer first. */
export function listSegments(folder: string): readonly Segment[] {
  const names = existing(folder);
  return names
    .flatMap((name) => parse(folder, name))
    .sort((a, b) =>
      a.writer === b.writer ? a.sequence - b.sequence : a.processStart - b.processStart,
    );
}

/** Makes the folder, for this user only. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Whether the segment's process has ended without emptying it. */
export function isOrphaned(segment: Segment, own: { pid: number; processStart: number }): boolean {
  if (segment.pid === own.pid) return segment.processStart !== own.processStart;
  try {
    process.kill(segment.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function existing(folder: string): readonly string[] {
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
