/** Permissions of the files and folders that a store makes; what is there keeps its own. */
export interface Modes {
  readonly file: number;
  readonly folder: number;
}

/** The modes for files of this mode: who may read a file may look into its folder. */
export function modesOf(fileMode = 0o600): Modes {
  return { file: fileMode, folder: fileMode | ((fileMode & 0o444) >> 2) };
}
