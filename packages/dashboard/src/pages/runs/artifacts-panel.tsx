import type { Artifact } from "@rivulet/core";
import type { JSX } from "preact";
import { rivulet } from "../../api/client.ts";
import type { Answer } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Icon } from "../../components/icon.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { formatBytes } from "../../format/numbers.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { useNameSet } from "../run-charts/chart-state.ts";
import { ArtifactPreview } from "./artifact-preview.tsx";
import { artifactRows } from "./artifact-rows.ts";

/** The files of a run, and a look into one of them. */
export function ArtifactsPanel({
  runId,
  answer,
}: {
  runId: string;
  answer: Answer<readonly Artifact[]>;
}): JSX.Element {
  const [path, setPath] = useQueryState("artifact");
  return (
    <Answered answer={answer}>
      {(items) => {
        const current = items.find((artifact) => artifact.path === path) ?? items[0];
        if (current === undefined) return <NoArtifacts />;
        return (
          <div class="artifacts">
            <ArtifactTree items={items} current={current} onOpen={setPath} />
            <section class="artifact-view" aria-label={current.path}>
              <div class="section-title">
                <h2>{current.path}</h2>
                <span class="muted number artifact-size">{formatBytes(current.size)}</span>
                <a
                  class="button"
                  href={rivulet.artifacts.url({ runId, path: current.path, download: true })}
                  download
                >
                  <Icon name="download" />
                  Download
                </a>
              </div>
              <ArtifactPreview key={`${current.path} ${current.sha256}`} artifact={current} />
            </section>
          </div>
        );
      }}
    </Answered>
  );
}

function ArtifactTree({
  items,
  current,
  onOpen,
}: {
  items: readonly Artifact[];
  current: Artifact;
  onOpen: (path: string) => void;
}): JSX.Element {
  const folded = useNameSet("folded");
  return (
    <ul class="artifact-list" aria-label="Files">
      {artifactRows(items, folded.has).map(({ path, name, depth, size, artifact }) => (
        <li key={path} style={{ "--depth": depth }}>
          <button
            type="button"
            aria-current={artifact === current ? "true" : undefined}
            aria-expanded={artifact === undefined ? !folded.has(path) : undefined}
            onClick={() => (artifact === undefined ? folded.toggle(path) : onOpen(path))}
          >
            <Icon name={artifact === undefined ? "folder" : "file"} />
            <span class="artifact-path">{name}</span>
            <span class="muted number">{formatBytes(size)}</span>
          </button>
        </li>
      ))}
    </ul>
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
