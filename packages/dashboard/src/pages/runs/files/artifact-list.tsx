import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { hasWords } from "../../../format/has-words.ts";
import { formatCount } from "../../../format/numbers.ts";
import type { ShownFile } from "../../../questions/files.ts";
import { useNameSet } from "../../run-charts/chart-state.ts";
import { artifactTree, type Folder, foldersOf, treeRows } from "./artifact-tree.ts";
import { FileRows, type FileRowsProps, type OpenFolders } from "./file-rows.tsx";
import { FileSearch } from "./file-search.tsx";

/** Fewer files need no search. */
const SEARCHED_FROM = 20;
/** Folders of more files are closed until somebody opens them. */
const OPEN_UP_TO = 200;

/** Files that are all there, as a tree whose folders fold. */
export function ArtifactList({
  items,
  tree,
  ...props
}: Omit<FileRowsProps, "rows" | "folders"> & {
  readonly items: readonly ShownFile[];
  readonly tree: Folder;
}): JSX.Element {
  const [text, setText] = useState("");
  const folders = useOpenFolders(items.length, props.current);
  const found = useMemo(
    () => (text === "" ? undefined : items.filter(({ path }) => hasWords(path, text))),
    [items, text],
  );
  const rows = useMemo(
    () =>
      found === undefined
        ? treeRows(tree, folders.isOpen)
        : treeRows(artifactTree(found), () => true),
    [tree, found, folders],
  );
  return (
    <FileSearch
      text={text}
      onText={setText}
      found={found?.length}
      total={items.length < SEARCHED_FROM ? undefined : formatCount(items.length)}
      archiveUrl={props.home.archiveUrl}
    >
      <FileRows {...props} rows={rows} folders={found === undefined ? folders : ALL_OPEN} />
    </FileSearch>
  );
}

/** What was found is not folded. */
export const ALL_OPEN: OpenFolders = { isOpen: () => true, toggle: () => undefined };

/** Which folders are open: all but those that were folded, or where there are many files, those that were opened. */
function useOpenFolders(fileCount: number, current: string): OpenFolders {
  const folded = useNameSet("folded");
  const opened = useOpenedFolders(current);
  const isLarge = fileCount > OPEN_UP_TO;
  return useMemo(
    () => (isLarge ? opened : { isOpen: (path) => !folded.has(path), toggle: folded.toggle }),
    [isLarge, opened, folded.names.join("\n")],
  );
}

/** The folders that were opened, and at first those that a file is in. */
export function useOpenedFolders(
  current: string,
): OpenFolders & { readonly paths: readonly string[] } {
  const [paths, setPaths] = useState(() => foldersOf(current));
  return useMemo(
    () => ({
      paths,
      isOpen: (path) => paths.includes(path),
      toggle: (path) =>
        setPaths((open) =>
          open.includes(path) ? open.filter((one) => one !== path) : [...open, path],
        ),
    }),
    [paths],
  );
}
