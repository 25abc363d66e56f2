import { formatShort } from "../../format/numbers.ts";
import type { ComparedField } from "./compared-fields.ts";

/** Where the values of a field are on an axis from 0 to 1. */
export interface FieldScale {
  readonly place: (value: string | number | null) => number | undefined;
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
}

/** Positive numbers that span more than this are laid out by their logarithm. */
const LOG_SPAN = 100;
const ROUND = [1, 2, 5] as const;
/** 0.3 is the third multiple of 0.1, whatever floating point makes of it. */
const TINY = 1e-9;
/** Names of categories shown along an axis. */
const MAX_NAMES = 12;

/** An axis for a field: numbers by size, everything else by name. */
export function scaleOf({ values }: ComparedField): FieldScale {
  const numbers = values.filter((value) => typeof value === "number" && Number.isFinite(value));
  return numbers.length > 0 ? numericScale(numbers as number[]) : namedScale(values);
}

function numericScale(numbers: readonly number[]): FieldScale {
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  const isLog = least > 0 && most / least > LOG_SPAN;
  const to = isLog ? Math.log10 : (value: number) => value;
  const from = isLog ? (value: number) => 10 ** value : (value: number) => value;
  const width = to(most) - to(least);
  return {
    place: (value) => {
      if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
      return width === 0 ? 0.5 : (to(value) - to(least)) / width;
    },
    ticks:
      width === 0
        ? [{ place: 0.5, label: formatShort(least) }]
        : roundNumbers(to(least), to(most), isLog ? 1 : 0).map((at) => ({
            place: (at - to(least)) / width,
            label: formatShort(from(at)),
          })),
  };
}

/** Up to eight multiples of 1, 2 or 5, times a power of ten, at least so far apart. */
function roundNumbers(least: number, most: number, apart: number): readonly number[] {
  const rough = Math.max(apart, (most - least) / 6);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (ROUND.find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(least / step - TINY);
  const count = Math.floor(most / step + TINY) - first + 1;
  return Array.from({ length: count }, (_, index) => (first + index) * step);
}

function namedScale(values: ComparedField["values"]): FieldScale {
  const names = [...new Set(values.filter((value) => value !== null).map(String))].sort();
  const places = new Map(
    names.map((name, index) => [name, names.length === 1 ? 0.5 : index / (names.length - 1)]),
  );
  return {
    place: (value) => (value === null ? undefined : places.get(String(value))),
    ticks: names.slice(0, MAX_NAMES).map((label) => ({ place: places.get(label) ?? 0, label })),
  };
}
