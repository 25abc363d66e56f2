/** Access levels, least first. Each includes those before it. */
export const ACCESS_LEVELS = [
  /** No credentials: the health check. */
  "public",
  /** Send telemetry, read nothing. */
  "ingest",
  /** See everything. */
  "read",
  /** And judge traces. */
  "annotate",
  /** And change what is kept. */
  "write",
  /** And whatever concerns the installation itself. */
  "admin",
] as const;

/** What a caller may do, or what a route asks for. */
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/**
 * What a route asks for: a level, or `page`, for the dashboard's files. These are public where the page itself asks for
 * the token, and need `read` elsewhere.
 */
export type RouteAccess = AccessLevel | "page";

/** Whether `held` is enough for `needed`. A level that is not one of ours is never enough. */
export function reaches(held: AccessLevel, needed: AccessLevel): boolean {
  return ACCESS_LEVELS.indexOf(held) >= ACCESS_LEVELS.indexOf(needed);
}

/** The lower of the two. */
export function lowerOf(a: AccessLevel, b: AccessLevel): AccessLevel {
  return reaches(a, b) ? b : a;
}
