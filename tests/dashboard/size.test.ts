import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const UI = fileURLToPath(new URL("../dist/ui", import.meta.resolve("@rivulet/server")));
const html = readFileSync(join(UI, "index.html"), "utf8");
const files = readdirSync(UI, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));

function gzipSize(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).byteLength;
}

describe("the built dashboard", () => {
  it("loads at most 45 kB of compressed JavaScript before the first page", () => {
    const scripts = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map(([, path]) => path);
    expect(scripts.length).toBeGreaterThanOrEqual(2);
    const size = scripts.reduce((sum, path) => sum + gzipSize(join(UI, path ?? "")), 0);
    expect(size).toBeLessThanOrEqual(45_000);
  });

  it("is at most 256 kB compressed, all together", () => {
    const size = files.reduce((sum, path) => sum + gzipSize(path), 0);
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThanOrEqual(256_000);
  });

  it("names every file relative to the page, and none elsewhere", () => {
    const urls = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
    expect(urls.filter((url) => !url?.startsWith("./"))).toEqual([]);
  });

  it("has no inline script and no inline style", () => {
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=/);
  });
});
