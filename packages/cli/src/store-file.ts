import { access } from "node:fs/promises";
import { resolve } from "node:path";

/** The file behind the URL of a store, absolute; undefined where there is none. */
export function storeFile(url: string): string | undefined {
  const path = /^(?:sqlite|json):(.+)$/s.exec(url)?.[1];
  return path === undefined ? undefined : resolve(path);
}

/** Whether there is something at a path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
