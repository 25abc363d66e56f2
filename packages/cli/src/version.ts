import { readFileSync } from "node:fs";

/** This package's version. The path holds from `src` and from `dist` alike. */
export function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
