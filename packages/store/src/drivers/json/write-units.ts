import { hash } from "node:crypto";
import { existsSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import { TEMPORARY_ENDING } from "../../files/write-whole.ts";
import { foldersOf } from "./project-files.ts";
import { FORMAT, JOURNAL, LOCAL, MARKER, UPDATED } from "./project-paths.ts";
import { type SeenFiles, seenAs } from "./seen-files.ts";
import { textFile, unavailable } from "./text-file.ts";
import type { Texts } from "./unit-texts.ts";
import { forgetSteps, noteSteps, type Step, stepsLeft } from "./write-journal.ts";

/** Files that are written at a time: the disk may sync them together. */
const limit = pLimit(8);
const MARKER_TEXT = `${JSON.stringify({ rivulet: "project", format: FORMAT }, null, 2)}\n`;
const IGNORED = `/${LOCAL}/\n*${TEMPORARY_ENDING}\n`;
const ATTRIBUTES = "*.json text eol=lf\n*.jsonl text eol=lf merge=union\n";

/** Where files are written, and what is known of them. */
export interface Place {
  readonly folder: string;
  /** Permissions of new files; those that are there keep their own. */
  readonly fileMode: number;
  readonly seen: SeenFiles;
}

/**
 * Writes what differs from what was last seen, and removes what is no more, by unit: all of it, or, if we are killed,
 * the rest when the project is next opened.
 */
export async function writeUnits(place: Place, units: ReadonlyMap<string, Texts>): Promise<void> {
  const { folder, fileMode, seen } = place;
  const steps = [...units].flatMap(([unit, texts]) => stepsOf({ unit, texts, seen }));
  if (seen.get(MARKER) === undefined) {
    await writeGitFiles(place);
    steps.push({ name: MARKER, before: null, after: MARKER_TEXT });
  }
  // The times are a machine's own, and no great loss.
  const isOne = steps.filter(({ name }) => name !== UPDATED).length <= 1;
  if (!isOne) await noteSteps(folder, steps, fileMode);
  // The order does not matter: all of them are noted.
  const outcomes = await Promise.allSettled(steps.map((step) => limit(() => apply(place, step))));
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  // One may be there from a write that failed.
  if (!isOne || existsSync(join(folder, JOURNAL))) await forgetSteps(folder);
}

/**
 * Finishes a change that was cut off. Returns what is left of it, when nothing may be written.
 *
 * @throws RivuletError `conflict` when somebody else has changed one of its files since
 */
export async function finishSteps(
  place: Place,
  { readOnly }: { readonly readOnly: boolean },
): Promise<readonly Step[]> {
  const left = stepsLeft(place.folder);
  if (left === undefined || readOnly) return left ?? [];
  for (const step of left) await take(place, step);
  await forgetSteps(place.folder);
  return [];
}

async function apply(place: Place, step: Step): Promise<void> {
  const { folder, seen } = place;
  await take(place, step);
  if (step.after === null) seen.delete(step.name);
  else seen.set(step.name, seenAs(join(folder, step.name), step.after));
}

async function take({ folder, fileMode }: Place, { name, after }: Step): Promise<void> {
  if (after === null) removeFile(folder, name);
  else await put({ folder, fileMode }, { name, text: after });
}

async function put(
  { folder, fileMode }: Pick<Place, "folder" | "fileMode">,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<void> {
  const file = textFile(join(folder, name), fileMode);
  file.data = Buffer.from(text);
  await file.write();
}

interface UnitChange {
  readonly unit: string;
  readonly texts: Texts;
  readonly seen: SeenFiles;
}

function stepsOf({ unit, texts, seen }: UnitChange): readonly Step[] {
  const before = (name: string): string | null => seen.get(name)?.digest ?? null;
  const written = [...texts]
    .filter(([name, text]) => before(name) !== hash("sha256", text))
    .map(([name, text]) => ({ name, before: before(name), after: text }));
  const gone = seen.in(unit).filter((name) => !texts.has(name));
  return [...written, ...gone.map((name) => ({ name, before: before(name), after: null }))];
}

async function writeGitFiles(place: Place): Promise<void> {
  const isThere = (name: string): boolean =>
    statSync(join(place.folder, name), { throwIfNoEntry: false }) !== undefined;
  // In the folder itself: the project's own .gitignore may be somebody else's.
  await put(place, { name: `${LOCAL}/.gitignore`, text: "*\n" });
  if (!isThere(".gitignore")) await put(place, { name: ".gitignore", text: IGNORED });
  if (!isThere(".gitattributes")) await put(place, { name: ".gitattributes", text: ATTRIBUTES });
}

function removeFile(folder: string, name: string): void {
  try {
    rmSync(join(folder, name), { force: true });
  } catch (cause) {
    throw unavailable("write", join(folder, name), cause);
  }
  // The folder of all entities of a kind stays, and so does one that holds something.
  for (const inside of foldersOf(name).slice(0, -1)) {
    try {
      rmdirSync(join(folder, inside));
    } catch {
      return;
    }
  }
}
