import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ScrollRegion } from "../../../components/scroll-region.tsx";
import { useVirtual } from "../../../components/use-virtual.ts";
import { hasWords } from "../../../format/has-words.ts";
import { formatBytes, formatCount } from "../../../format/numbers.ts";
import type { FileHome, ShownFile } from "../../../questions/files.ts";
import { useNameSet } from "../../run-charts/chart-state.ts";
import { artifactTree, type Folder, type TreeRow, treeRows } from "./artifact-tree.ts";

/** Pixels of a row, as the style sheet has it. */
const ROW_HEIGHT = 30;
/** Fewer files need no search. */
const SEARCHED_FROM = 20;
/** Folders of more files are closed until somebody opens them. */
const OPEN_UP_TO = 200;

export interface ArtifactListProps {
  readonly home: FileHome;
  readonly items: readonly ShownFile[];
  readonly tree: Folder;
  /** Path of what is looked at. */
  readonly current: string;
  /** Folders can be deleted. */
  readonly canDelete: boolean;
  readonly onOpen: (path: string) => void;
}

/** Files as a tree whose folders fold; only rows in view are drawn. */
export function ArtifactList(props: ArtifactListProps): JSX.Element {
  const { items, tree, current } = props;
  const [text, setText] = useState("");
  const folders = useOpenFolders(items.length, current);
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
    <div class="artifact-files">
      {items.length < SEARCHED_FROM ? null : (
        <>
          <input
            class="input"
            type="search"
            aria-label="Find a file"
            placeholder="Find a file"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p class="muted" role="status">
            {found === undefined ? "" : `${formatCount(found.length)} of `}
            {formatCount(items.length)} files
          </p>
        </>
      )}
      <p>
        <a href={props.home.archiveUrl} download>
          All as ZIP
        </a>
      </p>
      <Rows {...props} rows={rows} folders={found === undefined ? folders : ALL_OPEN} />
    </div>
  );
}

function Rows({
  home,
  items,
  rows,
  folders,
  current,
  canDelete,
  onOpen,
}: ArtifactListProps & { rows: readonly TreeRow[]; folders: OpenFolders }): JSX.Element {
  const scroller = useRef<HTMLElement>(null);
  const [deleted, setDeleted] = useState<Pick<TreeRow, "path" | "size">>();
  const view = useVirtual({ scroller, count: rows.length, rowHeight: ROW_HEIGHT });
  // What a link leads to is in view.
  useLayoutEffect(() => view.scrollTo(rows.findIndex(({ path }) => path === current)), []);
  return (
    <ScrollRegion label="List of files" class="artifact-scroll" scroller={scroller}>
      <ul
        class="artifact-list"
        aria-label="Files"
        style={{ paddingTop: `${view.before}px`, paddingBottom: `${view.after}px` }}
      >
        {rows.slice(view.first, view.end).map((row, index) => (
          <li
            key={row.path}
            style={{ "--depth": row.depth }}
            aria-setsize={rows.length}
            aria-posinset={view.first + index + 1}
          >
            {row.shown === undefined ? (
              <FolderRow
                home={home}
                row={row}
                folders={folders}
                onDelete={canDelete ? () => setDeleted(row) : undefined}
              />
            ) : (
              <FileRow row={row} isCurrent={row.path === current} onOpen={onOpen} />
            )}
          </li>
        ))}
      </ul>
      {deleted === undefined ? null : (
        <DeleteFolder
          path={deleted.path}
          size={deleted.size}
          home={home}
          items={items}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </ScrollRegion>
  );
}

function FileRow({
  row: { path, name, size, shown },
  isCurrent,
  onOpen,
}: Pick<ArtifactListProps, "onOpen"> & { row: TreeRow; isCurrent: boolean }): JSX.Element {
  return (
    <button
      type="button"
      title={path}
      aria-current={isCurrent ? "true" : undefined}
      onClick={() => onOpen(path)}
    >
      <Icon name="file" />
      <span class="artifact-path">{name}</span>
      {shown !== undefined && "series" in shown ? (
        <span class="muted"> {shown.series.frames.length} pictures</span>
      ) : null}
      <span class="muted number">{formatBytes(size)}</span>
    </button>
  );
}

function FolderRow({
  home,
  row: { path, name, size },
  folders,
  onDelete,
}: Pick<ArtifactListProps, "home"> & {
  row: TreeRow;
  folders: OpenFolders;
  onDelete: (() => void) | undefined;
}): JSX.Element {
  return (
    <>
      <button
        type="button"
        title={path}
        aria-expanded={folders.isOpen(path)}
        onClick={() => folders.toggle(path)}
      >
        <Icon name="folder" />
        <span class="artifact-path">{name}</span>
        <span class="muted number">{formatBytes(size)}</span>
      </button>
      <ZipLink home={home} path={path} />
      {onDelete === undefined ? null : (
        <button
          type="button"
          class="icon-button"
          title={`Delete ${path} and all that is in it`}
          onClick={onDelete}
        >
          <Icon name="trash" />
          <span class="hidden-text">Delete {path} and all that is in it</span>
        </button>
      )}
    </>
  );
}

/** Saves a folder, where there are archives of them. */
function ZipLink({ home, path }: { home: FileHome; path: string }): JSX.Element | null {
  if (home.zipUrl === undefined) return null;
  return (
    <a class="icon-button" href={home.zipUrl(path)} download title={`Download ${path} as ZIP`}>
      <Icon name="download" />
      <span class="hidden-text">Download {path} as ZIP</span>
    </a>
  );
}

function DeleteFolder({
  home,
  path,
  size,
  items,
  onClose,
}: Pick<ArtifactListProps, "home" | "items"> & {
  path: string;
  size: number;
  onClose: () => void;
}): JSX.Element {
  const files = items.filter((item) => item.path.startsWith(`${path}/`)).length;
  const what = files === 1 ? "1 file" : `${formatCount(files)} files`;
  return (
    <ConfirmDialog
      title={`Delete ${path}?`}
      verb="Delete"
      work={async () => home.delete?.(path)}
      done={`Deleted ${path} with ${what}.`}
      onClose={onClose}
    >
      <p>
        {what}, {formatBytes(size)}, are lost for good.
      </p>
    </ConfirmDialog>
  );
}

interface OpenFolders {
  readonly isOpen: (path: string) => boolean;
  readonly toggle: (path: string) => void;
}

const ALL_OPEN: OpenFolders = { isOpen: () => true, toggle: () => undefined };

/** Which folders are open: all but those that were folded, or where there are many files, those that were opened. */
function useOpenFolders(fileCount: number, current: string): OpenFolders {
  const folded = useNameSet("folded");
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => foldersOf(current));
  const isLarge = fileCount > OPEN_UP_TO;
  return useMemo(
    () =>
      isLarge
        ? {
            isOpen: (path) => opened.has(path),
            toggle: (path) => setOpened(toggled(opened, path)),
          }
        : { isOpen: (path) => !folded.has(path), toggle: folded.toggle },
    [isLarge, opened, folded.names.join("\n")],
  );
}

function toggled(paths: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return next;
}

/** The folders that a file is in: `a` and `a/b` of `a/b/c.txt`. */
function foldersOf(path: string): ReadonlySet<string> {
  const parts = path.split("/").slice(0, -1);
  return new Set(parts.map((_, index) => parts.slice(0, index + 1).join("/")));
}
