import { access } from "node:fs/promises";
import { resolve } from "node:path";

/** Absolute path of the file behind a store's URL; `undefined` when there is none. */
export function storeFile(url: string): string | undefined {
  const path = /^(?:sqlite|json):(.+)$/s.exec(url)?.[1];
  return path === undefined ? undefined : resolve(path);
}

/** Whether something exists at a path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
