import type { ArtifactEntry } from "@rivulet/core";
import { FOLDER_PAGE, type ShownFile } from "../../../questions/files.ts";
import { nameOf, type Shown, shownRow, type TreeRow } from "./artifact-tree.ts";
import { gatherSeries } from "./image-series.ts";

/** What is known of a folder. */
export interface FolderPages {
  readonly entries: readonly ArtifactEntry[];
  readonly hasMore: boolean;
  readonly loadMore: () => void;
}

/** Rows of what is open, as far as it was read. Folders come first where all of theirs are read at once. */
export function folderRows(
  known: ReadonlyMap<string, FolderPages>,
  isOpen: (path: string) => boolean,
  { path, depth } = { path: "", depth: 0 },
): readonly TreeRow[] {
  const found = known.get(path);
  if (found === undefined) return [waiting(path, depth, () => undefined)];
  const entries = found.entries.map((entry): readonly TreeRow[] => {
    if (!entry.isFolder) return [];
    const { path: below, size, files } = entry;
    const row = { path: below, name: nameOf(below), depth, size, count: files };
    return isOpen(below)
      ? [row, ...folderRows(known, isOpen, { path: below, depth: depth + 1 })]
      : [row];
  });
  const { series, others } = gatherSeries(found.entries.flatMap(fileOf));
  const ofSeries = series.map((one) => ({ path: one.path, size: one.size, series: one }));
  const files = new Map(others.map((file) => [file.path, shownRow(shownOf(file), depth)]));
  const inOrder = found.entries.flatMap((entry, place) => {
    const file = files.get(entry.path);
    return file === undefined ? (entries[place] ?? []) : [file];
  });
  const isShort = found.entries.length < FOLDER_PAGE;
  return [
    ...(isShort ? [...entries.flat(), ...files.values()] : inOrder),
    ...ofSeries.map((one) => shownRow(one, depth)),
    ...(found.hasMore ? [waiting(path, depth, found.loadMore)] : []),
  ];
}

function waiting(path: string, depth: number, more: () => void): TreeRow {
  return { path: `${path}//more`, name: "", depth, size: 0, more };
}

function fileOf({
  path,
  size,
  isFolder,
  contentType = "",
  sha256 = "",
}: ArtifactEntry): readonly ShownFile[] {
  return isFolder ? [] : [{ path, size, contentType, sha256 }];
}

/** A file as something to look at. */
export function shownOf(file: ShownFile): Shown {
  return { path: file.path, size: file.size, file };
}
