import { userInfo } from "node:os";
import { dirname } from "node:path";
import type { StringMap } from "@rivulet/domain";
import { readGitState } from "./git-state.ts";

/** Who runs which program. */
export interface Program {
  /** The script, as `process.argv[1]` has it. */
  readonly script?: string;
  /** The folder in which it was started. */
  readonly folder: string;
  /** Who runs it. */
  readonly user?: string;
}

/** Longest that the first run of a process waits for its tags. */
const PATIENCE_MS = 250;

let ofProcess: Promise<RunSource> | undefined;

/** Where runs come from. */
export interface RunSource {
  /** Who runs the program; MLflow's tag `mlflow.user`. */
  readonly userId?: string;
  /** MLflow's tags for the program and what is checked out. */
  readonly tags: StringMap;
}

/**
 * Where the runs of this process come from. Read once. What cannot be read is left out, and so is everything that is not
 * there in time. Never throws.
 */
export function sourceOfProcess(): Promise<RunSource> {
  ofProcess ??= readSource(thisProgram());
  return Promise.race([ofProcess, later<RunSource>({ tags: {} }, PATIENCE_MS)]);
}

/** Where the runs of a program come from. */
export async function readSource({ script, folder, user }: Program): Promise<RunSource> {
  const git = await readGitState(script === undefined ? folder : dirname(script));
  const tags = {
    "mlflow.source.name": script,
    "mlflow.source.type": "LOCAL",
    "mlflow.source.git.commit": git.commit,
    "mlflow.source.git.branch": git.branch,
    "mlflow.source.git.dirty": git.dirty === undefined ? undefined : String(git.dirty),
    "mlflow.source.git.repoURL": git.repoUrl,
  };
  const known = Object.entries(tags).flatMap(([key, value]) => entryOf(key, value));
  return { ...(user === undefined ? {} : { userId: user }), tags: Object.fromEntries(known) };
}

function entryOf(key: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined || value === "" ? [] : [[key, value.slice(0, 1_000)]];
}

function thisProgram(): Program {
  const [, script] = process.argv;
  const user = userName();
  return {
    folder: process.cwd(),
    ...(script === undefined ? {} : { script }),
    ...(user === undefined ? {} : { user }),
  };
}

/** A user without an entry in the system's list of users has no name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return process.env["USER"];
  }
}

function later<T>(value: T, ms: number): Promise<T> {
  return new Promise((settle) => {
    setTimeout(settle, ms, value).unref();
  });
}
