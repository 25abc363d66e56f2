import { LOCALE } from "./locale.ts";

const WHOLE = new Intl.NumberFormat(LOCALE);
const COMPACT = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
const FIVE_DIGITS = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 5 });
const ONE_DECIMAL = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const DECIMAL_MARK = FIVE_DIGITS.format(0.5).slice(1, -1);

/** A metric: five significant digits, exponents for the very large and very small. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞");
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e7 || size < 1e-4)) {
    return value
      .toExponential(3)
      .replace(/\.?0*e/, "e")
      .replace(".", DECIMAL_MARK);
  }
  return Number.isInteger(value) ? WHOLE.format(value) : FIVE_DIGITS.format(value);
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

const dollars = (digits: Intl.NumberFormatOptions): Intl.NumberFormat =>
  new Intl.NumberFormat(LOCALE, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    ...digits,
  });

const NO_DOLLARS = dollars({ maximumFractionDigits: 0 });
const CENTS = dollars({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const TENTHS_OF_CENTS = dollars({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
const SMALL_SUM = dollars({ maximumSignificantDigits: 2 });

/** US dollars, with as many digits as small sums need. */
export function formatCost(value: number): string {
  if (value === 0) return NO_DOLLARS.format(0);
  if (value >= 0.01) return (value < 1 ? TENTHS_OF_CENTS : CENTS).format(value);
  return value < 0.000_001 ? `<${SMALL_SUM.format(0.000_001)}` : SMALL_SUM.format(value);
}

/** A share of 1 as per cent. */
export function formatShare(value: number): string {
  return `${ONE_DECIMAL.format(value * 100)} %`;
}

const UNITS = ["B", "kB", "MB", "GB"] as const;

/** A size in bytes. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? WHOLE.format(value) : formatFixed(value, 1)} ${UNITS[power]}`;
}

const fixed = [0, 1, 2].map(
  (digits) =>
    new Intl.NumberFormat(LOCALE, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: false,
    }),
);

/** A number with so many decimals. */
export function formatFixed(value: number, decimals: 0 | 1 | 2): string {
  return fixed[decimals]?.format(value) ?? String(value);
}
