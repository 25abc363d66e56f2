import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { publicSurface } from "./public-surface.ts";

interface Published {
  readonly name: string;
  /** Source files of its public entries. */
  readonly entries: readonly string[];
}

const packages = globSync("packages/*/package.json").flatMap((file): readonly Published[] => {
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  if (manifest.private === true || manifest.exports === undefined) return [];
  const folder = dirname(file);
  const entries = Object.keys(manifest.publishConfig.exports).flatMap((entry) => {
    const source = manifest.exports[entry]["@rivulet/source"];
    return source === undefined ? [] : [join(folder, source)];
  });
  return [{ name: folder.slice("packages/".length), entries }];
});

describe("public TSDoc", () => {
  it("is looked for in every published package", () => {
    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["core", "domain", "express", "store"]),
    );
  });

  it.each(packages)("of $name covers every export and every member", ({ entries }) => {
    const surface = publicSurface(entries);
    // An entry may have one function and no more.
    expect(surface.length).toBeGreaterThanOrEqual(entries.length);
    const missing = surface
      .filter(({ documented }) => !documented)
      .map((item) => `${item.place} ${item.name}`);
    expect(missing).toEqual([]);
  });
});
