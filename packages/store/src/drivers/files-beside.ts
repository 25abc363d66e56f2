import type { EngineSetup } from "../engine/host/engine-setup.ts";
import { createFileTree, type FileTreeOptions } from "../files/file-tree.ts";

/** The files beside a store, accessed from the app's thread so that their bytes need not cross to a worker. */
export function filesBeside(options: FileTreeOptions): NonNullable<EngineSetup["files"]> {
  const { write, read, list } = createFileTree(options);
  return { write: ({ id, content }) => write(id, content), read, list };
}
