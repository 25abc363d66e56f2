import { RivuletError } from "@rivulet/client";
import type { ManyChanged, Purged, StringMap } from "@rivulet/core";
import { formatCount } from "../../format/numbers.ts";

/** Changes to the tags of many rows. */
export interface TagChange {
  readonly tags: StringMap;
  readonly removeTags: readonly string[];
}

/** Says which rows were left as they are; a write that changes all or none says nothing of it. */
type BulkAnswer = Pick<ManyChanged, "failed"> | number | undefined;
type BulkWrite = (ids: readonly string[]) => Promise<BulkAnswer>;

/** What can be written to many rows of a list at once, given their keys. */
export interface BulkWrites {
  readonly tag?: (ids: readonly string[], change: TagChange) => Promise<BulkAnswer>;
  readonly remove?: BulkWrite;
  /** Brings back what was removed; without it removing is asked about first, because it is for good. */
  readonly restore?: BulkWrite;
  /** What goes with a row that is removed for good. */
  readonly goesWith?: string;
  /** What will be hidden with rows, such as `their 5 runs`; empty for nothing. */
  readonly hiddenWith?: (ids: readonly string[]) => Promise<string>;
  /** Removes for good what was deleted, or only says what it would remove. */
  readonly purge?: Purge;
}

/** What is removed for good, or would be. */
export interface PurgeAnswer extends Purged {
  /** What goes along, such as `5 runs`. */
  readonly along: readonly string[];
}

/** Removes deleted rows for good, given their keys. */
export type Purge = (
  ids: readonly string[],
  options: { readonly dryRun: boolean },
) => Promise<PurgeAnswer>;

/** As many rows are changed by one call. */
export const PER_CALL = 1_000;

/** Such as `1 run` or `2,000 runs`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** Calls for a thousand rows at a time. @throws RivuletError when some of them could not be changed: how many, and why */
export async function inCalls(ids: readonly string[], call: BulkWrite): Promise<void> {
  const failed: ManyChanged["failed"][number][] = [];
  for (let start = 0; start < ids.length; start += PER_CALL) {
    const answer = await call(ids.slice(start, start + PER_CALL));
    if (typeof answer === "object") failed.push(...answer.failed);
  }
  const [first] = failed;
  if (first === undefined) return;
  const count = `${failed.length} of ${ids.length} could not be changed`;
  throw new RivuletError(first.code, `${count}, the first because: ${first.message}`);
}
