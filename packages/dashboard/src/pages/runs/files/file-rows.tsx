import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ScrollRegion } from "../../../components/scroll-region.tsx";
import { useVirtual } from "../../../components/use-virtual.ts";
import { formatBytes, formatCount } from "../../../format/numbers.ts";
import type { FileHome } from "../../../questions/files.ts";
import type { TreeRow } from "./artifact-tree.ts";

/** Pixels of a row, as the style sheet has it. */
const ROW_HEIGHT = 30;

/** Which folders are open. */
export interface OpenFolders {
  readonly isOpen: (path: string) => boolean;
  readonly toggle: (path: string) => void;
}

export interface FileRowsProps {
  readonly home: FileHome;
  readonly rows: readonly TreeRow[];
  readonly folders: OpenFolders;
  /** Path of what is looked at. */
  readonly current: string;
  /** Folders can be deleted. */
  readonly canDelete: boolean;
  readonly onOpen: (path: string) => void;
}

/** Rows of a tree of files; only those in view are drawn, and what is not there yet is asked for once it comes into view. */
export function FileRows(props: FileRowsProps): JSX.Element {
  const { home, rows, current } = props;
  const scroller = useRef<HTMLElement>(null);
  const wasFound = useRef(false);
  const [deleted, setDeleted] = useState<TreeRow>();
  const view = useVirtual({ scroller, count: rows.length, rowHeight: ROW_HEIGHT });
  const place = rows.findIndex(({ path }) => path === current);
  // What a link leads to is in view.
  useLayoutEffect(() => {
    if (place < 0 || wasFound.current) return;
    wasFound.current = true;
    view.scrollTo(place);
  }, [place]);
  const drawn = rows.slice(view.first, view.end);
  useEffect(() => {
    for (const { more } of drawn) more?.();
  }, [rows, view.first, view.end]);
  return (
    <ScrollRegion label="List of files" class="artifact-scroll" scroller={scroller}>
      <ul
        class="artifact-list"
        aria-label="Files"
        style={{ paddingTop: `${view.before}px`, paddingBottom: `${view.after}px` }}
      >
        {drawn.map((row, index) => (
          <li
            key={row.path}
            style={{ "--depth": row.depth }}
            aria-setsize={rows.length}
            aria-posinset={view.first + index + 1}
          >
            <Row {...props} row={row} onDelete={() => setDeleted(row)} />
          </li>
        ))}
      </ul>
      {deleted === undefined ? null : (
        <DeleteFolder home={home} folder={deleted} onClose={() => setDeleted(undefined)} />
      )}
    </ScrollRegion>
  );
}

type RowProps = FileRowsProps & { readonly row: TreeRow; readonly onDelete: () => void };

function Row(props: RowProps): JSX.Element {
  const { row, current, onOpen } = props;
  if (row.more !== undefined) return <span class="muted">Loading more…</span>;
  if (row.shown === undefined) return <FolderRow {...props} />;
  return <FileRow row={row} isCurrent={row.path === current} onOpen={onOpen} />;
}

function FileRow({
  row: { path, name, size, shown },
  isCurrent,
  onOpen,
}: Pick<RowProps, "row" | "onOpen"> & { isCurrent: boolean }): JSX.Element {
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
  canDelete,
  onDelete,
}: RowProps): JSX.Element {
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
      <span class="folder-actions">
        {home.zipUrl === undefined ? null : (
          <a
            class="icon-button"
            href={home.zipUrl(path)}
            download
            title={`Download ${path} as ZIP`}
          >
            <Icon name="download" />
            <span class="hidden-text">Download {path} as ZIP</span>
          </a>
        )}
        {canDelete ? (
          <button
            type="button"
            class="icon-button"
            title={`Delete ${path} and all that is in it`}
            onClick={onDelete}
          >
            <Icon name="trash" />
            <span class="hidden-text">Delete {path} and all that is in it</span>
          </button>
        ) : null}
      </span>
    </>
  );
}

function DeleteFolder({
  home,
  folder: { path, size, count = 0 },
  onClose,
}: Pick<FileRowsProps, "home"> & { folder: TreeRow; onClose: () => void }): JSX.Element {
  const what = count === 1 ? "1 file" : `${formatCount(count)} files`;
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
