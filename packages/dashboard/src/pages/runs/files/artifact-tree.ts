import type { ShownFile } from "../../../questions/files.ts";
import { gatherSeries, type ImageSeries } from "./image-series.ts";

/** What can be looked at: a file, or the pictures that were logged under one key step by step. */
export type Shown =
  | { readonly path: string; readonly size: number; readonly file: ShownFile }
  | { readonly path: string; readonly size: number; readonly series: ImageSeries };

/** A folder with what is in it. */
export interface Folder {
  /** From the root, such as `model/weights`; empty at the root. */
  readonly path: string;
  /** Bytes of all in it together. */
  readonly size: number;
  /** How many files those are. */
  readonly count: number;
  readonly folders: readonly Folder[];
  readonly files: readonly Shown[];
}

/** A folder or what can be looked at, as a row of the tree. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly size: number;
  /** How many files are in a folder. */
  readonly count?: number;
  /** Absent for folders. */
  readonly shown?: Shown;
  /** Stands for what follows and is not there yet: asks for it. */
  readonly more?: () => void;
}

/** Files by folder, in the order of their paths; each is looked at once, however many there are. */
export function artifactTree(all: readonly ShownFile[]): Folder {
  const root = newFolder("");
  const { series, others } = gatherSeries(all);
  const shown = [
    ...series.map((one): Shown => ({ path: one.path, size: one.size, series: one })),
    ...others.map((file): Shown => ({ path: file.path, size: file.size, file })),
  ];
  for (const one of shown.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const count = "series" in one ? one.series.files : 1;
    let folder = root;
    for (const name of ["", ...one.path.split("/").slice(0, -1)]) {
      if (name !== "") folder = folder.open(name);
      folder.size += one.size;
      folder.count += count;
    }
    folder.files.push(one);
  }
  return root;
}

interface GrowingFolder {
  readonly path: string;
  size: number;
  count: number;
  readonly folders: GrowingFolder[];
  readonly files: Shown[];
  readonly open: (name: string) => GrowingFolder;
}

function newFolder(path: string): GrowingFolder {
  const byName = new Map<string, GrowingFolder>();
  const folders: GrowingFolder[] = [];
  const open = (name: string): GrowingFolder => {
    const known = byName.get(name) ?? newFolder(path === "" ? name : `${path}/${name}`);
    if (!byName.has(name)) folders.push(known);
    byName.set(name, known);
    return known;
  };
  return { path, size: 0, count: 0, folders, files: [], open };
}

/** Rows of what is open, folders first. */
export function treeRows(
  { folders, files }: Folder,
  isOpen: (path: string) => boolean,
  depth = 0,
): readonly TreeRow[] {
  return [
    ...folders.flatMap((folder) => {
      const { path, size, count } = folder;
      const row = { path, name: nameOf(path), depth, size, count };
      return isOpen(path) ? [row, ...treeRows(folder, isOpen, depth + 1)] : [row];
    }),
    ...files.map((shown) => shownRow(shown, depth)),
  ];
}

/** The row of what can be looked at. */
export function shownRow(shown: Shown, depth: number): TreeRow {
  const { path, size } = shown;
  const name = "series" in shown ? shown.series.key : nameOf(path);
  return { path, name, depth, size, shown };
}

/** The first file in the order of the rows, and what has a path. */
export function findShown(folder: Folder, path: string): Shown | undefined {
  const within = folder.folders.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  const found = within === undefined ? undefined : findShown(within, path);
  return found ?? folder.files.find((file) => file.path === path);
}

/** What is looked at before anything is chosen. */
export function firstShown({ folders, files }: Folder): Shown | undefined {
  return files[0] ?? folders.map(firstShown).find((found) => found !== undefined);
}

/** The folders that a file is in: `a` and `a/b` of `a/b/c.txt`. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
