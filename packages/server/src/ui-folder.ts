import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Where the dashboard is built to: in this package, be it run from its sources or from its bundle. Empty when
 * an app was bundled into one file and the package is not there.
 */
export function uiFolder(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve("@rivulet/server/package.json");
    return join(dirname(manifest), "dist/ui");
  } catch {
    return "";
  }
}
