import type { RetentionNotes, Store } from "@rivulet/store";

const DAY_MS = 86_400_000;
/** A clock that is so far from where it was at the last look may be wrong. */
const JUMP_MS = 30 * DAY_MS;
/** Time to mend it. */
const WAIT_MS = DAY_MS;

/** What a look at the clock has shown. */
export interface ClockLook {
  /** How far it had moved since the last look, in milliseconds, if that was too far. */
  readonly jumpedBy?: number;
  /** When traces may be removed for their age again, in milliseconds since the epoch; absent when they may now. */
  readonly waitUntil?: number;
}

/**
 * Compares the clock with where it was at the last look, of any process. A machine that starts with a wrong date would
 * find all traces too old: when the clock has moved by more than 30 days, it must go on for a day before it is believed.
 */
export async function lookAtClock(
  { traces }: Pick<Store, "traces">,
  at: number,
): Promise<ClockLook> {
  const notes = await traces.retention();
  const before = lastKnown(notes);
  const jumpedBy =
    before === undefined || Math.abs(at - before) <= JUMP_MS ? undefined : at - before;
  const steadySince = jumpedBy === undefined ? notes.clock?.steadySince : at;
  const isLate = steadySince !== undefined && at >= steadySince + WAIT_MS;
  const waits = steadySince !== undefined && !isLate;
  await traces.noteRetention({ clock: { at, ...(waits ? { steadySince } : {}) } });
  return {
    ...(jumpedBy === undefined ? {} : { jumpedBy }),
    ...(waits ? { waitUntil: steadySince + WAIT_MS } : {}),
  };
}

function lastKnown({ clock, told }: RetentionNotes): number | undefined {
  return clock?.at ?? told?.at;
}
