import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Modes, makeFolder } from "../file-modes.ts";
import type { FileUploads } from "../port/files.ts";
import { noUpload } from "./no-upload.ts";
import { isMissing, syncFolder, TEMPORARY_ENDING } from "./write-whole.ts";

/** Where the files of a tree lie while they come, and afterwards. */
export interface TreeUploadsOptions {
  readonly folder: string;
  readonly modes: Modes;
  /** @throws RivuletError `invalid_argument` for what is no id */
  readonly pathOf: (id: string) => string;
}

interface Upload {
  readonly path: string;
  readonly file: FileHandle;
}

/** Files that come in parts: a temporary file in the tree's folder, which takes its place when it is complete. */
export function treeUploads({ folder, modes, pathOf }: TreeUploadsOptions): FileUploads {
  const uploads = new Map<string, Upload>();
  const find = (name: string): Upload => {
    const upload = uploads.get(name);
    if (upload === undefined) throw noUpload(name);
    return upload;
  };
  const abandon = async (name: string): Promise<void> => {
    const upload = uploads.get(name);
    uploads.delete(name);
    await upload?.file.close();
    if (upload !== undefined) await rm(upload.path, { force: true });
  };

  return {
    async begin() {
      const name = randomBytes(12).toString("hex");
      const path = join(folder, `upload-${name}${TEMPORARY_ENDING}`);
      for (const made of makeFolder(folder, modes.folder)) await syncFolder(dirname(made));
      uploads.set(name, { path, file: await openNew(path, modes.file) });
      return name;
    },
    append: async ({ upload, content }) => writeAll(find(upload).file, content),
    async finish({ upload, id }) {
      const { path, file } = find(upload);
      const target = pathOf(id);
      try {
        await file.sync();
        for (const made of makeFolder(dirname(target), modes.folder))
          await syncFolder(dirname(made));
        await rename(path, target);
      } catch (error) {
        throw isMissing(error) ? noUpload(upload) : error;
      } finally {
        await abandon(upload);
      }
      await syncFolder(dirname(target));
    },
    abandon,
  };
}

async function openNew(path: string, mode: number): Promise<FileHandle> {
  const file = await open(path, "wx", mode);
  // Restores what the process's umask removed.
  if (((await file.stat()).mode & 0o777) !== mode) await file.chmod(mode);
  return file;
}

async function writeAll(file: FileHandle, content: Uint8Array): Promise<void> {
  for (let from = 0; from < content.byteLength; ) {
    const { bytesWritten } = await file.write(content, from);
    from += bytesWritten;
  }
}
