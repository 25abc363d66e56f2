import type { Artifact } from "@rivulet/core";
import type { JSX } from "preact";
import { rivulet } from "../../api/client.ts";
import type { Answer } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Icon } from "../../components/icon.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { formatBytes } from "../../format/numbers.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { ArtifactPreview } from "./artifact-preview.tsx";

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
            <ul class="artifact-list" aria-label="Files">
              {items.map((artifact) => (
                <li key={artifact.path}>
                  <button
                    type="button"
                    aria-current={artifact === current ? "true" : undefined}
                    onClick={() => setPath(artifact.path)}
                  >
                    <span class="artifact-path">{artifact.path}</span>
                    <span class="muted number">{formatBytes(artifact.size)}</span>
                  </button>
                </li>
              ))}
            </ul>
            <section class="artifact-view" aria-label={current.path}>
              <div class="section-title">
                <h2>{current.path}</h2>
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

function NoArtifacts(): JSX.Element {
  return (
    <EmptyState
      title="No files yet."
      code={'await run.logArtifact("model/weights.json", weights);'}
    />
  );
}
