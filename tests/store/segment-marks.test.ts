import { aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aBackend, type Backend } from "./a-backend.ts";

const NAME = "0123456789abcdef/1.jsonl";

/** Takes a span that lies between two bytes of a segment. */
function takeFrom(backend: Backend, n: number, [from, to]: readonly [number, number]) {
  const span = aSpan({ traceId: hexId(n) });
  return backend.take({
    records: [{ kind: "span", span }],
    owner: "",
    segment: { name: NAME, from, to },
  });
}

test.each([
  ["the beginning", 0],
  ["further on", 100],
])(
  "what others have taken meanwhile, from %s of a segment, is not taken again: it is told how far they are",
  async (_, from) => {
    const backend = await aBackend();
    await takeFrom(backend, 1, [0, 100]);
    await takeFrom(backend, 2, [100, 200]);
    expect(await takeFrom(backend, 9, [from, from + 50])).toEqual({
      position: 200,
      changes: [],
      refused: [],
    });
    expect(await backend.marks.read(NAME)).toBe(200);
    expect(await backend.entities.traces.get(hexId(9))).toBeUndefined();
  },
);
