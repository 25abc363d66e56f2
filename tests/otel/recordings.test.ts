import { describe, expect, it } from "vitest";
import { normalized, RECORDINGS } from "./recordings.ts";
import { checked, understood } from "./understood.ts";

describe.each(RECORDINGS)("$name ($convention)", (recording) => {
  const spans = normalized(recording);

  it.each(Object.entries(recording.expect))(
    "span %s says what a person reads in it",
    (id, expected) => {
      const span = spans.get(id);
      expect(span && understood(span, expected)).toEqual(checked(expected));
    },
  );
});
