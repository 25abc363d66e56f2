import type { ArtifactEntry } from "@rivulet/core";
import { formatCount } from "../../../format/numbers.ts";

/** How many files are in these folders and beside them. */
export function fileCount(entries: readonly Pick<ArtifactEntry, "files">[]): number {
  return entries.reduce((sum, { files }) => sum + files, 0);
}

/** Such as `3,017`, or `1,000+` where not all were counted. */
export function countWords(count: number, isMore: boolean): string {
  return `${formatCount(count)}${isMore ? "+" : ""}`;
}
