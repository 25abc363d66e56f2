/**
 * A process with an open store sends a heartbeat twice a minute. Without one for this long, in microseconds, it is
 * gone.
 */
export const SILENT_US: number = 5 * 60_000_000;
