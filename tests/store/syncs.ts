import { existsSync } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished, vi } from "vitest";

/** What this thread brings to the disk, from the moment it is watched until the test is over. */
export interface Syncs {
  /** Files and folders below a folder that were synced and are there now, by their names in it, in that order. */
  below(folder: string): Promise<readonly string[]>;
  /** Whether there was something at the path that is looked at, at each sync. */
  readonly found: readonly boolean[];
  /** Databases that were closed, and how they waited for the disk. */
  readonly databases: readonly { readonly name: string; readonly synchronous: unknown }[];
}

/** @param path what is looked at with each sync */
export async function watchSyncs(path = ""): Promise<Syncs> {
  const inodes: number[] = [];
  const found: boolean[] = [];
  const databases: { name: string; synchronous: unknown }[] = [];

  const handles = await prototypeOfHandles();
  const { sync } = handles;
  const syncing = vi.spyOn(handles, "sync").mockImplementation(async function (this: FileHandle) {
    inodes.push((await this.stat()).ino);
    found.push(existsSync(path));
    return sync.call(this);
  });
  const { close } = DatabaseSync.prototype;
  const closing = vi.spyOn(DatabaseSync.prototype, "close").mockImplementation(function (
    this: DatabaseSync,
  ) {
    const { synchronous } = this.prepare("PRAGMA synchronous").get() ?? {};
    databases.push({ name: basename(this.location() ?? ""), synchronous });
    return close.call(this);
  });
  onTestFinished(() => {
    syncing.mockRestore();
    closing.mockRestore();
  });

  return {
    found,
    databases,
    async below(folder) {
      const names = new Map<number, string>();
      for (const name of ["", ...(await readdir(folder, { recursive: true }))]) {
        names.set((await stat(join(folder, name))).ino, name);
      }
      return inodes.flatMap((inode) => names.get(inode) ?? []);
    },
  };
}

async function prototypeOfHandles(): Promise<FileHandle> {
  await using handle = await open(import.meta.filename);
  return Object.getPrototypeOf(handle) as FileHandle;
}
