/** A course of values over the buckets of a chart. */
export interface TimeSeries {
  readonly label: string;
  /** One per bucket; `null` where there is none. */
  readonly values: readonly (number | null)[];
  /** Custom property of the colour, such as `--curve-0`. */
  readonly color: string;
  readonly kind: "bars" | "line" | "dashes";
}

/** A chart over time. */
export interface TimeChartData {
  readonly title: string;
  /** Starts of the buckets in milliseconds since the epoch, rising. */
  readonly starts: readonly number[];
  readonly bucketMs: number;
  readonly series: readonly TimeSeries[];
  /** Bars stand on those before them, instead of in front of each other. */
  readonly isStacked?: boolean;
  /** What is counted has no marks between whole numbers. */
  readonly isCount?: boolean;
  readonly format: (value: number) => string;
}

/** Values as they are drawn: bars that are stacked reach as high as all up to them. */
export function drawnValues({ series, isStacked = false }: TimeChartData): readonly TimeSeries[] {
  if (!isStacked) return series;
  const height: number[] = [];
  const stacked = series.map((one) => {
    if (one.kind !== "bars") return one;
    const values = one.values.map((value, index) => {
      height[index] = (height[index] ?? 0) + (value ?? 0);
      return height[index];
    });
    return { ...one, values };
  });
  // The highest are drawn first, so that those below stand in front of them.
  const bars = stacked.filter(({ kind }) => kind === "bars").reverse();
  return [...bars, ...stacked.filter(({ kind }) => kind !== "bars")];
}
