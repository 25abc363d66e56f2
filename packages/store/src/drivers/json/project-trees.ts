import { createFileTree, type FileTreeOptions } from "../../files/file-tree.ts";
import { joinStorages } from "../../files/joined-storage.ts";
import type { FileStorage } from "../../sql/file-storage.ts";

/** Files of a project. */
export interface ProjectTrees {
  /** All of them. What is written here is shared through Git, as the records are that refer to it. */
  readonly storage: FileStorage;
  /** Those that traces refer to: machine-local, like the traces. */
  readonly attachments: FileStorage;
}

/** Where they are. */
export interface ProjectTreesOptions extends Omit<FileTreeOptions, "folder"> {
  /** Folder of the files that are shared. */
  readonly filesFolder: string;
  /** Folder of those that are machine-local. */
  readonly attachmentsFolder: string;
}

/** The two trees of files of a project. */
export function projectTrees(options: ProjectTreesOptions): ProjectTrees {
  const { filesFolder, attachmentsFolder, ...tree } = options;
  const shared = createFileTree({ ...tree, folder: filesFolder });
  const local = createFileTree({ ...tree, folder: attachmentsFolder });
  return { storage: joinStorages(shared, local), attachments: local };
}
