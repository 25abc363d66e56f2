import { hash } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { syncFolder } from "../../files/write-whole.ts";
import { isFileName } from "./project-files.ts";
import { JOURNAL } from "./project-paths.ts";
import { readBytes, textFile } from "./text-file.ts";

/** A file that is to change. */
export interface Step {
  /** Name inside the project. */
  readonly name: string;
  /** Digest of what it held; null when it was not there. */
  readonly before: string | null;
  /** What it is to hold; null when it goes. */
  readonly after: string | null;
}

/** Notes a change of several files, so that it is finished by whoever opens the project next, should we be killed. */
export async function noteSteps(
  folder: string,
  steps: readonly Step[],
  fileMode: number,
): Promise<void> {
  const file = textFile(join(folder, JOURNAL), fileMode);
  file.data = Buffer.from(`${JSON.stringify({ steps })}\n`);
  await file.write();
}

/** All of the files have it. */
export async function forgetSteps(folder: string): Promise<void> {
  const path = join(folder, JOURNAL);
  await rm(path, { force: true });
  // Were it back after a power failure, it would not fit what was written since.
  await syncFolder(dirname(path));
}

/**
 * What is left to do of a change that was cut off; undefined when none was.
 *
 * @throws RivuletError `conflict` when somebody else has changed one of its files since
 */
export function stepsLeft(folder: string): readonly Step[] | undefined {
  const steps = readSteps(folder);
  if (steps === undefined) return undefined;
  const left: Step[] = [];
  for (const step of steps) {
    const now = digest(readBytes(join(folder, step.name)));
    if (now === digest(step.after)) continue;
    if (now !== step.before) throw cutOff(folder, step.name);
    left.push(step);
  }
  return left;
}

function readSteps(folder: string): readonly Step[] | undefined {
  const path = join(folder, JOURNAL);
  const content = readBytes(path);
  if (content === null) return undefined;
  try {
    const { steps } = JSON.parse(content.toString());
    if (Array.isArray(steps) && steps.every(isStep)) return steps;
  } catch {
    // Somebody has edited it.
  }
  throw new RivuletError(
    "store_corrupt",
    `${path} cannot be read. It holds an interrupted change: remove the file to discard that change.`,
    { details: { path } },
  );
}

/** Nothing else is written, or removed, whatever the journal says. */
function isStep(step: unknown): step is Step {
  if (typeof step !== "object" || step === null) return false;
  const { name, before, after } = step as Partial<Record<keyof Step, unknown>>;
  const isOurs = typeof name === "string" && !name.split("/").includes("..") && isFileName(name);
  return isOurs && [before, after].every((text) => text === null || typeof text === "string");
}

function digest(content: Uint8Array | string | null): string | null {
  return content === null ? null : hash("sha256", content);
}

function cutOff(folder: string, name: string): RivuletError {
  return new RivuletError(
    "conflict",
    `A change of several files in ${folder} was interrupted, and ${join(folder, name)} has been changed since then. Nothing was changed on disk: check the files with git diff, correct them, and remove ${join(folder, JOURNAL)}.`,
    { details: { path: join(folder, name) } },
  );
}
