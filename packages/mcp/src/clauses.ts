import { RivuletError } from "@rivulet/core";

/** Filters that must all hold, as one; those that are undefined are left out. */
export function allOf(...clauses: readonly (string | undefined)[]): { filter?: string } {
  const present = clauses.filter((clause) => clause !== undefined && clause.trim() !== "");
  if (present.length === 0) return {};
  // One of them may hold an OR.
  return {
    filter:
      present.length === 1 ? String(present[0]) : present.map((part) => `(${part})`).join(" AND "),
  };
}

/** `field = 'value'`, or nothing. */
export function equals(field: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${field} = ${quote(value)}`;
}

/** `field LIKE '%value%'` without regard to case, or nothing. */
export function contains(field: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${field} ILIKE ${quote(`%${value}%`)}`;
}

/**
 * `field >= milliseconds` for an ISO time or an age such as `-24h`, or nothing.
 *
 * @throws RivuletError `invalid_argument` for any other text.
 */
export function since(field: string, time: string | undefined): string | undefined {
  return time === undefined ? undefined : `${field} >= ${toMilliseconds(time)}`;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function toMilliseconds(time: string): number {
  const age = /^-(\d{1,6})([mhd])$/.exec(time);
  const parsed = age ? Date.now() - Number(age[1]) * (UNITS[age[2] ?? ""] ?? 0) : Date.parse(time);
  if (Number.isFinite(parsed)) return parsed;
  throw new RivuletError(
    "invalid_argument",
    `"${time}" is no time. Write it as 2026-01-31T12:00:00Z, or as an age: -30m, -24h, -7d.`,
  );
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
