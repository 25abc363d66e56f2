import type { RetentionNotes, RetentionRound } from "@rivulet/store";
import { DEFAULT_RETENTION, firstRemovalAt } from "./default-retention.ts";
import type { GivenRetention } from "./retention.ts";
import type { TraceRetention } from "./traces.ts";

/** How long a client keeps traces, and what was removed last. */
export interface RetentionStatus {
  /** What is kept; `false` when all is. */
  readonly policy: TraceRetention | false;
  /** Nobody has said otherwise to this client. */
  readonly isDefault: boolean;
  /** When people were told what is removed by default, in milliseconds since the epoch; absent before that. */
  readonly toldAt?: number;
  /** Nothing is removed by default before this, in milliseconds since the epoch. */
  readonly firstRemovalAt?: number;
  /** When a client of the store was last given a retention of its own, in milliseconds since the epoch. */
  readonly givenAt?: number;
  /** The last time that traces were removed, by any client; absent when none were. */
  readonly last?: RetentionRound;
}

/** What a client keeps, from its option and what its store remembers. */
export function retentionStatus(
  given: GivenRetention,
  { told, givenAt, last }: RetentionNotes,
): RetentionStatus {
  return {
    policy: given ?? DEFAULT_RETENTION,
    isDefault: given === undefined,
    ...(told && { toldAt: told.at, firstRemovalAt: firstRemovalAt(told.at) }),
    ...(givenAt === undefined ? {} : { givenAt }),
    ...(last && { last }),
  };
}
