const WHOLE = new Intl.NumberFormat("en-US");
const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** A metric: five significant digits, exponents for the very large and very small. */
export function formatMetric(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(3);
  if (Number.isInteger(value)) return WHOLE.format(value);
  return String(Number(value.toPrecision(5)));
}

/** A number where space is short, or its last digits mean nothing: three significant digits. */
export function formatShort(value: number): string {
  return formatMetric(Number(value.toPrecision(3)));
}

/** A difference, with its sign. */
export function formatDifference(value: number): string {
  return value > 0 ? `+${formatShort(value)}` : formatShort(value).replace("-", "−");
}

/** A count: `1,234`, or `1.2M` where space is short. */
export function formatCount(value: number): string {
  return Math.abs(value) < 100_000 ? WHOLE.format(value) : COMPACT.format(value);
}

/** US dollars, with as many digits as small sums need. */
export function formatCost(value: number): string {
  if (value === 0) return "$0";
  return value < 0.01 ? `$${Number(value.toPrecision(2))}` : `$${value.toFixed(value < 1 ? 3 : 2)}`;
}

/** A share of 1 as per cent. */
export function formatShare(value: number): string {
  return `${Math.round(value * 1000) / 10} %`;
}

const UNITS = ["B", "kB", "MB", "GB"] as const;

/** A size in bytes. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}
