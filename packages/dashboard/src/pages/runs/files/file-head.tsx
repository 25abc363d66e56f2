import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Icon } from "../../../components/icon.tsx";
import { formatBytes } from "../../../format/numbers.ts";
import type { FileHome, ShownFile } from "../../../questions/files.ts";

/** What a file is called and how large it is, and a way to have it, or to be without it. */
export function FileHead({
  home,
  file: { path, size },
  title = path,
  canDelete,
}: {
  home: FileHome;
  file: ShownFile;
  title?: string;
  canDelete: boolean;
}): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  return (
    <div class="section-title">
      <h3 class="file-title">{title}</h3>
      <span class="muted number artifact-size">{formatBytes(size)}</span>
      <a class="button" href={home.url(path, { download: true })} download>
        <Icon name="download" />
        Download
      </a>
      {canDelete && home.delete !== undefined ? (
        <button type="button" class="button" onClick={() => setAsking(true)}>
          <Icon name="trash" />
          Delete…
        </button>
      ) : null}
      {isAsking ? (
        <ConfirmDialog
          title={`Delete ${path}?`}
          verb="Delete"
          work={async () => home.delete?.(path)}
          done={`Deleted ${path}.`}
          onClose={() => setAsking(false)}
        >
          <p>{formatBytes(size)} are lost for good.</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
