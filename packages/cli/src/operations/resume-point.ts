import { open } from "node:fs/promises";

/** The last trace that an export has written whole. */
export interface ResumePoint {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
}

const NEWLINE = 10;

/**
 * Reads where an export has ended, and removes the line that it may have left unfinished. `undefined` for an empty
 * file, and for none.
 *
 * @throws Error when the last line is not one of an export
 */
export async function findResumePoint(path: string): Promise<ResumePoint | undefined> {
  await using file = await open(path, "a+", 0o600);
  let position = 0;
  let [lineStart, lineEnd] = [0, 0];
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    const bytes = chunk as Buffer;
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
      [lineStart, lineEnd] = [lineEnd, position + at + 1];
    }
    position += bytes.length;
  }
  await file.truncate(lineEnd);
  if (lineEnd === 0) return undefined;
  const line = Buffer.alloc(lineEnd - lineStart);
  await file.read(line, 0, line.length, lineStart);
  return pointIn(line.toString());
}

function pointIn(line: string): ResumePoint {
  const { id, startTime } = Object(JSON.parse(line)) as Partial<ResumePoint>;
  if (typeof id === "string" && typeof startTime === "number") return { id, startTime };
  throw new Error("its last line is not a trace");
}
