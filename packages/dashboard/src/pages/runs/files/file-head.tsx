import type { Artifact } from "@rivulet/core";
import type { JSX } from "preact";
import { rivulet } from "../../../api/client.ts";
import { Icon } from "../../../components/icon.tsx";
import { formatBytes } from "../../../format/numbers.ts";

/** What a file is called and how large it is, and a way to have it. */
export function FileHead({
  artifact: { runId, path, size },
  title = path,
}: {
  artifact: Artifact;
  title?: string;
}): JSX.Element {
  return (
    <div class="section-title">
      <h3 class="file-title">{title}</h3>
      <span class="muted number artifact-size">{formatBytes(size)}</span>
      <a class="button" href={rivulet.artifacts.url({ runId, path, download: true })} download>
        <Icon name="download" />
        Download
      </a>
    </div>
  );
}
