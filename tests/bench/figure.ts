/** One measured number and what it must be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `<= 2.5` or `>= 25000`. */
  readonly target: string;
  readonly ok: boolean;
  /** The measurements behind the value, for people. */
  readonly detail?: string;
}

/** A figure that must not be above `limit`. */
export function atMost(limit: number, name: string, measured: Measured): Figure {
  return { name, ...rounded(measured), target: `<= ${short(limit)}`, ok: measured.value <= limit };
}

/** A figure that must not be below `limit`. */
export function atLeast(limit: number, name: string, measured: Measured): Figure {
  return { name, ...rounded(measured), target: `>= ${short(limit)}`, ok: measured.value >= limit };
}

/** A figure without a target: to be seen beside others. */
export function shown(name: string, measured: Measured): Figure {
  return { name, ...rounded(measured), target: "", ok: true };
}

type Measured = Pick<Figure, "value" | "unit" | "detail">;

function rounded(measured: Measured): Measured {
  return { ...measured, value: short(measured.value) };
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}

/** The figures as a table for people. */
export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.ok ? "ok" : "MISSED",
    figure.name,
    `${figure.value} ${figure.unit}`,
    figure.target,
    figure.detail ?? "",
  ]);
  const table = [["", "figure", "measured", "target", ""], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
