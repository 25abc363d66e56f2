import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { publicSurface } from "./public-surface.ts";

/**
 * How many exports and members of a package's public entries still lack a TSDoc comment. Packages not named here lack
 * none. The numbers are exact: they go down together with the comments, and nothing new comes in without one.
 */
const UNDOCUMENTED: Readonly<Record<string, number>> = {
  "ai-sdk": 25,
  express: 3,
  langchain: 30,
  mcp: 2,
  server: 7,
};

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
  it("is expected of existing packages only", () => {
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(UNDOCUMENTED)));
  });

  it.each(packages)("of $name covers every export and every member", ({ name, entries }) => {
    const surface = publicSurface(entries);
    expect(surface.length).toBeGreaterThan(entries.length);
    const missing = surface
      .filter(({ documented }) => !documented)
      .map((item) => `${item.place} ${item.name}`);
    const known = UNDOCUMENTED[name] ?? 0;
    const unexpected = missing.length === known ? [] : missing;
    expect(unexpected, `${missing.length} without TSDoc, expected ${known}`).toEqual([]);
  });
});
