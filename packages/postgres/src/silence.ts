/** Every process that has a store open says so twice a minute. Who was not heard of for this long, in microseconds, has gone. */
export const SILENT_US: number = 5 * 60_000_000;
