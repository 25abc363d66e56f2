import { formatTraceparent, parseTraceparent } from "@rivulet/core";
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
