import type { EngineSetup } from "../engine/host/engine-setup.ts";
import { createFileTree, type FileTreeOptions } from "../files/file-tree.ts";

/** The files of a store that lie beside it, for the app's thread: their bytes need not cross to a worker. */
export function filesBeside(options: FileTreeOptions): NonNullable<EngineSetup["files"]> {
  const { write, read, list } = createFileTree(options);
  return { write: ({ id, content }) => write(id, content), read, list };
}
