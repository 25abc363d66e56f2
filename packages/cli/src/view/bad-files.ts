import type { BackupReport } from "@rivulet/core";

/** Files of a store that are not what its records say. */
type BadFiles = Pick<BackupReport, "missingFiles" | "damagedFiles">;

const SHOWN = 3;

/** A line for the files that a copy lacks, and one for those that it has as damaged as they were. */
export function badFileLines(
  { missingFiles, damagedFiles }: BadFiles,
  copy: string,
): readonly string[] {
  const lost = `The store has lost ${missingFiles.length} files that its records refer to; the ${copy} lacks them, too`;
  const damaged = `The store has ${damagedFiles.length} damaged files, whose bytes are not those of their records (SHA-256); the ${copy} has them as they are`;
  return [
    ...(missingFiles.length === 0 ? [] : [`${lost}: ${firstOf(missingFiles)}`]),
    ...(damagedFiles.length === 0 ? [] : [`${damaged}: ${firstOf(damagedFiles)}`]),
  ];
}

function firstOf(ids: readonly string[]): string {
  return `${ids.slice(0, SHOWN).join(", ")}${ids.length > SHOWN ? ", …" : ""}`;
}
