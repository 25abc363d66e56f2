import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Answer } from "../../../api/use-query.ts";
import { Answered } from "../../../components/answered.tsx";
import { EmptyState } from "../../../components/notices.tsx";
import type { FileHome, ShownFile } from "../../../questions/files.ts";
import { useQueryState } from "../../../routing/query-state.ts";
import { ArtifactList } from "./artifact-list.tsx";
import { artifactTree, findShown, firstShown, type Shown } from "./artifact-tree.ts";
import { FileHead } from "./file-head.tsx";
import { FilePreview } from "./file-preview.tsx";
import { ImageSeriesView } from "./image-series-view.tsx";

/** Whose files are shown. */
interface ArtifactsProps {
  /** Such as `Files of the run`. */
  readonly title: string;
  readonly home: FileHome;
  readonly canDelete?: boolean;
  /** How files come to be there, for where there are none. */
  readonly code: string;
}

/** The files of a run or of a version of a model, and a look into one of them. */
export function ArtifactsPanel({
  answer,
  ...props
}: ArtifactsProps & { answer: Answer<readonly ShownFile[]> }): JSX.Element {
  return <Answered answer={answer}>{(items) => <Artifacts {...props} items={items} />}</Answered>;
}

function Artifacts({
  title,
  home,
  canDelete = false,
  code,
  items,
}: ArtifactsProps & { items: readonly ShownFile[] }): JSX.Element {
  const [path, setPath] = useQueryState("artifact");
  const tree = useMemo(() => artifactTree(items), [items]);
  const current = findShown(tree, path) ?? firstShown(tree);
  if (current === undefined) return <EmptyState title="No files yet." code={code} />;
  return (
    <div class="artifacts">
      <h2 class="hidden-text">{title}</h2>
      <ArtifactList
        home={home}
        items={items}
        tree={tree}
        current={current.path}
        canDelete={canDelete}
        onOpen={setPath}
      />
      <section class="artifact-view" aria-label={current.path}>
        <ShownView key={viewKeyOf(current)} home={home} shown={current} canDelete={canDelete} />
      </section>
    </div>
  );
}

/** Another content is another file, even where the path is the same. */
function viewKeyOf(shown: Shown): string {
  return "file" in shown ? `${shown.path} ${shown.file.sha256}` : shown.path;
}

function ShownView({
  home,
  shown,
  canDelete,
}: {
  home: FileHome;
  shown: Shown;
  canDelete: boolean;
}): JSX.Element {
  if ("series" in shown) return <ImageSeriesView home={home} series={shown.series} />;
  return (
    <>
      <FileHead home={home} file={shown.file} canDelete={canDelete} />
      <FilePreview home={home} file={shown.file} />
    </>
  );
}
