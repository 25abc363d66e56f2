import type { Artifact, Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Answer } from "../../../api/use-query.ts";
import { Answered } from "../../../components/answered.tsx";
import { EmptyState } from "../../../components/notices.tsx";
import { useQueryState } from "../../../routing/query-state.ts";
import { useCanWriteTo } from "../use-can-write-to.ts";
import { ArtifactList } from "./artifact-list.tsx";
import { artifactTree, findShown, firstShown, type Shown } from "./artifact-tree.ts";
import { FileHead } from "./file-head.tsx";
import { FilePreview } from "./file-preview.tsx";
import { ImageSeriesView } from "./image-series-view.tsx";

/** The files of a run, and a look into one of them. */
export function ArtifactsPanel({
  run,
  answer,
}: {
  run: Run;
  answer: Answer<readonly Artifact[]>;
}): JSX.Element {
  return <Answered answer={answer}>{(items) => <Artifacts run={run} items={items} />}</Answered>;
}

function Artifacts({ run, items }: { run: Run; items: readonly Artifact[] }): JSX.Element {
  const canWrite = useCanWriteTo(run);
  const [path, setPath] = useQueryState("artifact");
  const tree = useMemo(() => artifactTree(items), [items]);
  const current = findShown(tree, path) ?? firstShown(tree);
  if (current === undefined) return <NoArtifacts />;
  return (
    <div class="artifacts">
      <h2 class="hidden-text">Files of the run</h2>
      <ArtifactList
        runId={run.id}
        items={items}
        tree={tree}
        current={current.path}
        canWrite={canWrite}
        onOpen={setPath}
      />
      <section class="artifact-view" aria-label={current.path}>
        <ShownView key={viewKeyOf(current)} shown={current} canWrite={canWrite} />
      </section>
    </div>
  );
}

/** Another content is another file, even where the path is the same. */
function viewKeyOf(shown: Shown): string {
  return "artifact" in shown ? `${shown.path} ${shown.artifact.sha256}` : shown.path;
}

function ShownView({ shown, canWrite }: { shown: Shown; canWrite: boolean }): JSX.Element {
  if ("series" in shown) return <ImageSeriesView series={shown.series} />;
  return (
    <>
      <FileHead artifact={shown.artifact} canDelete={canWrite} />
      <FilePreview artifact={shown.artifact} />
    </>
  );
}

function NoArtifacts(): JSX.Element {
  return (
    <EmptyState
      title="No files yet."
      code={'await run.logArtifact("model/weights.json", weights);'}
    />
  );
}
