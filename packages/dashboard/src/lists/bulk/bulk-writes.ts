import { RivuletError } from "@rivulet/client";
import type { ManyChanged, StringMap } from "@rivulet/core";

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
}

/** As many rows are changed by one call. */
const PER_CALL = 1_000;

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
