/** How often {@link ROW} is to be scored, and where. */
export interface Asking {
  readonly url: string;
  readonly count: number;
}

/** The row that is asked about: its prediction is the sum of its columns. */
export const ROW: readonly number[] = Array.from({ length: 20 }, (_, index) => index);
