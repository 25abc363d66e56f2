import type { Artifact } from "@rivulet/core";

/** A folder or a file, as a row of the tree. */
export interface ArtifactRow {
  /** From the root, such as `model/weights`. */
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Bytes; of a folder, all in it together. */
  readonly size: number;
  /** Absent for folders. */
  readonly artifact?: Artifact;
}

/** Files as a tree, folders first; what is in a folded folder is left out. */
export function artifactRows(
  artifacts: readonly Artifact[],
  isFolded: (folder: string) => boolean,
): readonly ArtifactRow[] {
  return rowsIn(artifacts, { prefix: "", depth: 0, isFolded });
}

interface Place {
  /** With its slash; empty at the root. */
  readonly prefix: string;
  readonly depth: number;
  readonly isFolded: (folder: string) => boolean;
}

function rowsIn(artifacts: readonly Artifact[], place: Place): readonly ArtifactRow[] {
  const { prefix, depth, isFolded } = place;
  const folders = new Map<string, Artifact[]>();
  const files: ArtifactRow[] = [];
  for (const artifact of artifacts) {
    const rest = artifact.path.slice(prefix.length);
    const slash = rest.indexOf("/");
    const { path, size } = artifact;
    if (slash < 0) files.push({ path, name: rest, depth, size, artifact });
    else {
      const name = rest.slice(0, slash);
      folders.set(name, [...(folders.get(name) ?? []), artifact]);
    }
  }
  const inFolders = [...folders].flatMap(([name, inside]) => {
    const path = `${prefix}${name}`;
    const size = inside.reduce((sum, artifact) => sum + artifact.size, 0);
    const row: ArtifactRow = { path, name, depth, size };
    if (isFolded(path)) return [row];
    return [row, ...rowsIn(inside, { prefix: `${path}/`, depth: depth + 1, isFolded })];
  });
  return [...inFolders, ...files];
}
