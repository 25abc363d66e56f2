import type { ArtifactEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { PagedQuestion } from "../../../api/query-client.ts";
import { usePages, useQuery } from "../../../api/use-query.ts";
import { EmptyState, ErrorNotice } from "../../../components/notices.tsx";
import { useSteady } from "../../../components/use-steady.ts";
import { hasWords } from "../../../format/has-words.ts";
import { useQueryState } from "../../../routing/query-state.ts";
import { ALL_OPEN, useOpenedFolders } from "./artifact-list.tsx";
import { artifactTree, foldersOf, type Shown, treeRows } from "./artifact-tree.ts";
import { FileRows } from "./file-rows.tsx";
import { FileSearch } from "./file-search.tsx";
import { FilesAndView, type FilesProps } from "./files-and-view.tsx";
import { type FolderPages, folderRows, shownOf } from "./folder-rows.ts";

/** Many files: a folder is asked for what is in it once it is opened, page by page. */
export function FolderFiles({
  folder,
  total,
  ...props
}: FilesProps & {
  readonly folder: (path: string) => PagedQuestion<ArtifactEntry>;
  /** How many files there are, in words. */
  readonly total: string;
}): JSX.Element {
  const { home } = props;
  const [path, setPath] = useQueryState("artifact");
  const [text, setText] = useState("");
  const folders = useOpenedFolders(path);
  const [known, setKnown] = useState<ReadonlyMap<string, FolderPages>>(new Map());
  const tree = useMemo(() => folderRows(known, folders.isOpen), [known, folders]);
  const all = useQuery(text === "" ? undefined : home.all).data;
  const found = useMemo(
    () => (text === "" ? undefined : all?.filter((file) => hasWords(file.path, text))),
    [all, text],
  );
  const rows = useMemo(
    () => (found === undefined ? tree : treeRows(artifactTree(found), () => true)),
    [tree, found],
  );
  const listed = tree.find((row) => row.path === path)?.shown;
  const elsewhere = useQuery(
    path === "" || listed !== undefined ? undefined : home.find?.(path),
  ).data;
  const first = tree.find((row) => row.shown !== undefined && row.depth === 0)?.shown;
  const current: Shown | undefined = listed ?? (elsewhere ? shownOf(elsewhere) : first);
  const isVisible = (one: string): boolean => foldersOf(one).every(folders.isOpen);
  return (
    <FilesAndView
      {...props}
      shown={current}
      list={
        <FileSearch
          text={text}
          onText={setText}
          found={found?.length}
          total={total}
          archiveUrl={home.archiveUrl}
        >
          {["", ...folders.paths.filter(isVisible)].map((one) => (
            <FolderReader
              key={one}
              question={folder(one)}
              // The pictures of a series are known once all of them are.
              isWhole={one === "images"}
              onPages={(pages) => setKnown((before) => new Map(before).set(one, pages))}
            />
          ))}
          <FileRows
            home={home}
            rows={rows}
            folders={found === undefined ? folders : ALL_OPEN}
            current={current?.path ?? ""}
            canDelete={props.canDelete}
            onOpen={setPath}
          />
        </FileSearch>
      }
    >
      <EmptyState title="Choose a file to look at." />
    </FilesAndView>
  );
}

/** Asks for what is in a folder while it is open, and hands it on. Draws what went wrong. */
function FolderReader({
  question,
  isWhole,
  onPages,
}: {
  question: PagedQuestion<ArtifactEntry>;
  isWhole: boolean;
  onPages: (pages: FolderPages) => void;
}): JSX.Element | null {
  const { data, error, hasMore, isLoadingMore, loadMore, retry } = usePages(question);
  const entries = useSteady(data);
  useEffect(() => {
    if (entries !== undefined) onPages({ entries, hasMore, loadMore });
    if (isWhole && hasMore && !isLoadingMore && error === null) loadMore();
  }, [entries, hasMore, isLoadingMore]);
  return error === null ? null : <ErrorNotice error={error} retry={retry} />;
}
