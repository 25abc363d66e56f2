/** Bytes that a request asks for; `none` when the file has none of them. */
export type AskedRange = { readonly start: number; readonly end: number } | "none";

/** What is known of the file. */
export interface RangedFile {
  readonly size: number;
  readonly etag: string;
}

/**
 * The range that a request asks for, as of RFC 9110, section 14.1.2; `undefined` when the whole file is to be sent: no
 * range or several, a malformed one, or one of another version of the file (`If-Range`).
 */
export function askedRange(
  { headers }: Request,
  { size, etag }: RangedFile,
): AskedRange | undefined {
  const onlyIf = headers.get("if-range");
  if (onlyIf !== null && onlyIf.trim() !== etag) return undefined;
  const [, from = "", to = ""] =
    /^bytes=(\d*)-(\d*)$/.exec(headers.get("range")?.trim() ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  if (from === "") return lastBytes(Number(to), size);
  const [start, end] = [Number(from), to === "" ? size - 1 : Number(to)];
  if (to !== "" && end < start) return undefined;
  return start < size ? { start, end: Math.min(end, size - 1) } : "none";
}

function lastBytes(count: number, size: number): AskedRange {
  if (count === 0 || size === 0) return "none";
  return { start: Math.max(0, size - count), end: size - 1 };
}
