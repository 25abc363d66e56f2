import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, RivuletError } from "@rivulet/core";

/** Absolute path of the file behind a store's URL; `undefined` when there is none. */
export function storeFile(url: string): string | undefined {
  const path = /^(?:sqlite|json):(.+)$/s.exec(url)?.[1];
  return path === undefined ? undefined : resolve(path);
}

/** Whether something exists at a path. @throws RivuletError `store_unavailable` where this user may not see that */
export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw new RivuletError(
      "store_unavailable",
      `This user cannot see what is at ${path} (${messageOf(cause)}). Check the permissions of its folder.`,
      { cause, details: { path } },
    );
  }
}
