import type { TraceRetention } from "./traces.ts";

const DAY_MS = 86_400_000;

/** How long a store keeps traces when nobody says otherwise: 30 days or 5 GB, whichever comes first. */
export const DEFAULT_RETENTION: TraceRetention = Object.freeze({
  maxAgeMs: 30 * DAY_MS,
  maxBytes: 5_000_000_000,
});

/** Between the notice and the first removal: time to read it, and to say otherwise. */
const NOTICE_MS = DAY_MS;

/** For so long after a client was given a retention, those that were given none leave the store alone. */
export const GIVEN_FOR_MS: number = 30 * DAY_MS;

/** When traces may be removed by default that was told at some time; milliseconds since the epoch. */
export function firstRemovalAt(toldAt: number): number {
  return toldAt + NOTICE_MS;
}

/** A policy as a text, to tell whether it is another one. */
export function policyText({ maxAgeMs, maxTraces, maxBytes }: TraceRetention): string {
  return JSON.stringify({ maxAgeMs, maxTraces, maxBytes });
}

/** The line that says what will be removed. */
export function noticeOf(url: string, toldAt: number): string {
  const from = minuteOf(firstRemovalAt(toldAt));
  return `Traces in ${url} are kept for 30 days or 5 GB, whichever comes first; nothing is removed before ${from}. Traces with feedback or an expectation, of an evaluation, in a dataset, or pinned stay. To change it: createRivulet({ retention: { maxAgeMs, maxBytes } }), or retention: false to keep all.`;
}

/** The line that says why nothing is removed for its age. */
export function doubtOf(jumpedBy: number, waitUntil: number): string {
  const days = Math.round(Math.abs(jumpedBy) / DAY_MS);
  const where = jumpedBy > 0 ? "ahead of" : "behind";
  return `The clock is ${days} days ${where} where it was when traces were last looked at: none is removed for its age before ${minuteOf(waitUntil)}. If the date is wrong, mend it.`;
}

/** As `2026-01-31 09:30 UTC`. */
function minuteOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
