import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { aPlace, linesOf, openedReader } from "./spools.ts";

/** What happens when the reader has seen that there is nothing more to read. */
const race = vi.hoisted(() => ({ atEnd: (): void => undefined }));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const fstatSync = (file: number) => {
    const stats = real.fstatSync(file);
    race.atEnd();
    return stats;
  };
  return { ...real, fstatSync };
});

test("a record that is written while the end of its segment is read, just before the next one begins, is taken", async () => {
  const place = await aPlace();
  const folder = join(place.folder, place.owner);
  const [first, second] = [join(folder, "1.jsonl"), join(folder, "2.jsonl")];
  mkdirSync(folder, { recursive: true });
  writeFileSync(first, linesOf("a"));
  const { reader, drain, names } = openedReader(place);
  await reader.step();
  race.atEnd = () => {
    race.atEnd = () => undefined;
    appendFileSync(first, linesOf("b"));
    writeFileSync(second, linesOf("c"));
  };
  await reader.step();
  await drain();
  expect(names()).toEqual(["a", "b", "c"]);
  expect(existsSync(first)).toBe(false);
});
