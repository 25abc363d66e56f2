import { formatTraceparent, parseTraceparent, type StartSpanOptions } from "@rivulet/core";
import { expect, test } from "vitest";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("reads a header back that it wrote", () => {
  const parent = { traceId: TRACE, id: SPAN, sampled: true };
  expect(formatTraceparent(parent)).toBe(`00-${TRACE}-${SPAN}-01`);
  expect(parseTraceparent(formatTraceparent(parent))).toEqual(parent);
  expect(parseTraceparent(formatTraceparent({ ...parent, sampled: false }))?.sampled).toBe(false);
});

test("takes a newer version with more fields", () => {
  expect(parseTraceparent(` 01-${TRACE}-${SPAN}-03-more `)).toEqual({
    traceId: TRACE,
    id: SPAN,
    sampled: true,
  });
});

test.each([
  undefined,
  null,
  "",
  "junk",
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
])("refuses %j", (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});

test("takes the header as frameworks give it: in a list, or among Headers", () => {
  const header = `00-${TRACE}-${SPAN}-01`;
  const parent = { traceId: TRACE, id: SPAN, sampled: true };
  const ofNode: string | string[] | undefined = [header];
  expect(parseTraceparent(ofNode)).toEqual(parent);
  expect(parseTraceparent(new Headers({ traceparent: header }))).toEqual(parent);
  expect(parseTraceparent([header, header])).toBeUndefined();
  expect(parseTraceparent(new Headers())).toBeUndefined();
  // Compiles as it is written, where an optional property may not be undefined.
  expect({ parent: parseTraceparent(undefined) } satisfies StartSpanOptions).toEqual({
    parent: undefined,
  });
});
