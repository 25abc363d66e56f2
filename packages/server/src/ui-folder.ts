import { fileURLToPath } from "node:url";

/** Where the dashboard is built to: the same place seen from the sources and from the bundle. */
export function uiFolder(): string {
  return fileURLToPath(new URL("../dist/ui", import.meta.url));
}
