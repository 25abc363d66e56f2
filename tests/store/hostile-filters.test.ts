import type { FilterClause, FilterField } from "@rivulet/core";
import { aRun, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { openedNew } from "./folder.ts";

const PIECES = [
  "'",
  '"',
  ";",
  "--",
  "/*",
  "*/",
  "%",
  "_",
  "*",
  "?",
  "[",
  "]",
  "\\",
  ")",
  "(",
  "$1",
  ":a",
  "@b",
  "\u0000",
  "\n",
  "é",
  "😀",
  "\ud800",
  "OR 1=1",
  "DROP TABLE runs",
];

/** Texts that would do harm if they became part of a statement. */
function hostileTexts(count: number): readonly string[] {
  let state = 7;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: count }, (_, index) => {
    const pieces = Array.from({ length: 1 + next(6) }, () => PIECES[next(PIECES.length)] ?? "");
    // A number makes each its own; a lone surrogate is no text that a database can keep.
    return `${pieces.join("")}${index}`.toWellFormed().replaceAll("\u0000", "0");
  });
}

test.each(["memory", "sqlite", "postgres"] as const)(
  "whatever a user writes is compared, never run: %s",
  async (kind) => {
    const { store } = await openedNew(kind);
    const texts = hostileTexts(60);
    for (const [index, text] of texts.entries()) {
      const id = hexId(index + 1);
      await store.runs.create(
        aRun({ id, name: text, params: { [text]: text }, tags: { [text]: text } }),
      );
      await store.runs.logBatch({
        runId: id,
        metrics: [{ key: text, value: index, step: 0, timestamp: 0 }],
      });
    }
    const find = async (
      field: FilterField,
      operator: FilterClause["operator"],
      value: string | number,
    ) => {
      const page = await store.runs.search({
        where: [{ field, operator, value }],
        order: [{ field, descending: true }],
        limit: 100,
        experimentIds: [],
        lifecycle: "active",
      });
      return page.items.map(({ id }) => id);
    };
    for (const [index, text] of texts.entries()) {
      const expected = [hexId(index + 1)];
      expect(await find({ kind: "attribute", key: "name" }, "=", text)).toEqual(expected);
      expect(await find({ kind: "param", key: text }, "=", text)).toEqual(expected);
      expect(await find({ kind: "tag", key: text }, "IN", text)).toEqual(expected);
      expect(await find({ kind: "tag", key: text }, "LIKE", text)).toEqual(expected);
      expect(await find({ kind: "metric", key: text }, "=", index)).toEqual(expected);
      await expect(find({ kind: "attribute", key: text }, "=", text)).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining("startTime"),
      });
    }
    expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
  },
);
