import { readFileSync } from "node:fs";

/** Version of this package. The relative path is the same from `src` and from `dist`. */
export function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
