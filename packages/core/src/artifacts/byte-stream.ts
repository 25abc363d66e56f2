import { RivuletError } from "@rivulet/domain";
import type { ByteRange } from "./artifacts.ts";

/** The bytes that a stream gives. */
export interface StreamedBytes {
  /** Place of the first byte. */
  readonly from: number;
  /** Place behind the last one. */
  readonly end: number;
  /** Some bytes, at least one, from a place on. */
  readonly readOn: (at: number) => Promise<Uint8Array>;
}

/** A stream that reads nothing before somebody wants it. @param first the bytes at `from` */
export function streamOf(
  first: Uint8Array,
  { from, end, readOn }: StreamedBytes,
): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (at < end) {
          const part = at === from ? first : await readOn(at);
          at += part.byteLength;
          controller.enqueue(part);
        }
        if (at >= end) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * The first byte of a range, and the one behind the last.
 *
 * @param what the file, for the message
 * @throws RivuletError `invalid_argument` for a range behind the end
 */
export function rangeIn(
  { size }: { readonly size: number },
  { start, end }: ByteRange = { start: 0 },
  what: string,
): readonly [number, number] {
  if (start > 0 && start >= size) {
    throw new RivuletError(
      "invalid_argument",
      `range.start: ${what} has ${size} bytes, and none at ${start}`,
      { details: { field: "range.start", size } },
    );
  }
  return [start, Math.min(size, (end ?? size) + 1)];
}
