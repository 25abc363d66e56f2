import type { Artifact, JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useQuery } from "../../api/use-query.ts";
import { ConfusionMatrix, readConfusion } from "../../charts/confusion-matrix.tsx";
import { Answered } from "../../components/answered.tsx";
import { JsonTree } from "../../content/json-tree.tsx";
import { Markdown } from "../../content/markdown.tsx";
import { formatBytes } from "../../format/numbers.ts";
import { askFileText } from "../../questions/tracking.ts";

/** Larger files are offered for download only. */
const MAX_PREVIEW_BYTES = 1_000_000;
/** Pictures that cannot carry a script. */
const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** A look into a file, by its type. */
export function ArtifactPreview({ artifact }: { artifact: Artifact }): JSX.Element {
  const type = artifact.contentType.split(";")[0]?.trim() ?? "";
  const url = rivulet.artifacts.url({ runId: artifact.runId, path: artifact.path });
  if (IMAGES.has(type)) return <img class="artifact-image" src={url} alt={artifact.path} />;
  if (artifact.size > MAX_PREVIEW_BYTES) {
    return <p class="muted">{formatBytes(artifact.size)} are too much to show here.</p>;
  }
  if (type === "text/html") return <HtmlFrame url={url} title={artifact.path} />;
  if (type === "application/json" || type.startsWith("text/")) {
    return <TextPreview artifact={artifact} type={type} />;
  }
  return <p class="muted">There is no view for {type || "this type"}.</p>;
}

/** Foreign HTML in a frame without any right: no scripts, no forms, no access to this page. */
function HtmlFrame({ url, title }: { url: string; title: string }): JSX.Element {
  return <iframe class="artifact-frame" sandbox="" src={url} title={title} />;
}

function TextPreview({ artifact, type }: { artifact: Artifact; type: string }): JSX.Element {
  const answer = useQuery(askFileText(artifact.runId, artifact.path));
  return <Answered answer={answer}>{(text) => <TextView text={text} type={type} />}</Answered>;
}

function TextView({ text, type }: { text: string; type: string }): JSX.Element {
  const value = useMemo(() => (type === "application/json" ? parse(text) : undefined), [text]);
  const confusion = value === undefined ? undefined : readConfusion(value);
  if (type === "text/markdown") return <Markdown text={text} />;
  if (value === undefined) return <pre class="code-block">{text}</pre>;
  return (
    <>
      {confusion === undefined ? null : <ConfusionMatrix {...confusion} />}
      <JsonTree value={value} label="file" />
    </>
  );
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
