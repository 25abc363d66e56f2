import type { Artifact } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../../api/client.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Icon } from "../../../components/icon.tsx";
import { formatBytes } from "../../../format/numbers.ts";
import { deleteFile } from "../../../questions/files.ts";

/** What a file is called and how large it is, and a way to have it, or to be without it. */
export function FileHead({
  artifact,
  title = artifact.path,
  canDelete,
}: {
  artifact: Artifact;
  title?: string;
  canDelete: boolean;
}): JSX.Element {
  const { runId, path, size } = artifact;
  const [isAsking, setAsking] = useState(false);
  return (
    <div class="section-title">
      <h3 class="file-title">{title}</h3>
      <span class="muted number artifact-size">{formatBytes(size)}</span>
      <a class="button" href={rivulet.artifacts.url({ runId, path, download: true })} download>
        <Icon name="download" />
        Download
      </a>
      {canDelete ? (
        <button type="button" class="button" onClick={() => setAsking(true)}>
          <Icon name="trash" />
          Delete…
        </button>
      ) : null}
      {isAsking ? (
        <ConfirmDialog
          title={`Delete ${path}?`}
          verb="Delete"
          work={() => deleteFile(artifact)}
          done={`Deleted ${path}.`}
          onClose={() => setAsking(false)}
        >
          <p>{formatBytes(size)} are lost for good.</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
