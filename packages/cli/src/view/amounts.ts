/** `1,200 rows`. */
export function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

const UNITS = ["kB", "MB", "GB", "TB"] as const;

/** Bytes for people to read: `4.5 kB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = "bytes";
  for (const next of UNITS) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${unit === "bytes" ? value : value.toFixed(1)} ${unit}`;
}
