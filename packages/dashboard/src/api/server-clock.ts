/** A `Date` header has whole seconds, and comes late: smaller differences mean nothing. */
const NOTICED_MS = 3_000;

let aheadMs = 0;

/** Milliseconds that the server's clock is ahead of the browser's; 0 while they agree to within seconds. */
export function serverAheadMs(): number {
  return aheadMs;
}

/** The time by the server's clock, which is the one that all records have. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}

/** Fetches, and learns the server's time on the way. */
export const fetchWithClock: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const told = Date.parse(response.headers.get("date") ?? "");
  const difference = told - Date.now();
  if (!Number.isNaN(told)) aheadMs = Math.abs(difference) < NOTICED_MS ? 0 : difference;
  return response;
};
