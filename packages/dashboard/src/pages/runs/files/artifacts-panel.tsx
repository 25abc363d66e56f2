import type { ArtifactEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { PagedQuestion } from "../../../api/query-client.ts";
import { usePages, useQuery } from "../../../api/use-query.ts";
import { Answered } from "../../../components/answered.tsx";
import { EmptyState } from "../../../components/notices.tsx";
import type { ShownFile } from "../../../questions/files.ts";
import { useQueryState } from "../../../routing/query-state.ts";
import { ArtifactList } from "./artifact-list.tsx";
import { artifactTree, findShown, firstShown } from "./artifact-tree.ts";
import { countWords, fileCount } from "./file-count.ts";
import { FilesAndView, type FilesProps } from "./files-and-view.tsx";
import { FolderFiles } from "./folder-files.tsx";

/** As many files are read at once; of more, one folder after the other. */
const READ_AT_ONCE = 500;

interface PanelProps extends FilesProps {
  /** How files come to be there, for where there are none. */
  readonly code: string;
}

/** The files of a run or of a version of a model, and a look into one of them. */
export function ArtifactsPanel({
  canDelete = false,
  ...props
}: Omit<PanelProps, "canDelete"> & { readonly canDelete?: boolean }): JSX.Element {
  const { folder } = props.home;
  return folder === undefined ? (
    <AllFiles {...props} canDelete={canDelete} />
  ) : (
    <FewOrMany {...props} canDelete={canDelete} folder={folder} />
  );
}

function FewOrMany({
  folder,
  ...props
}: PanelProps & { folder: (path: string) => PagedQuestion<ArtifactEntry> }): JSX.Element {
  const top = usePages(folder(""));
  return (
    <Answered answer={top}>
      {(entries) => {
        const count = fileCount(entries);
        return count <= READ_AT_ONCE && !top.hasMore ? (
          <AllFiles {...props} />
        ) : (
          <FolderFiles {...props} folder={folder} total={countWords(count, top.hasMore)} />
        );
      }}
    </Answered>
  );
}

function AllFiles(props: PanelProps): JSX.Element {
  return (
    <Answered answer={useQuery(props.home.all)}>
      {(items) => <Files {...props} items={items} />}
    </Answered>
  );
}

function Files({
  code,
  items,
  ...props
}: PanelProps & { items: readonly ShownFile[] }): JSX.Element {
  const [path, setPath] = useQueryState("artifact");
  const tree = useMemo(() => artifactTree(items), [items]);
  const current = findShown(tree, path) ?? firstShown(tree);
  if (current === undefined) return <EmptyState title="No files yet." code={code} />;
  return (
    <FilesAndView
      {...props}
      shown={current}
      list={
        <ArtifactList
          home={props.home}
          items={items}
          tree={tree}
          current={current.path}
          canDelete={props.canDelete}
          onOpen={setPath}
        />
      }
    />
  );
}
