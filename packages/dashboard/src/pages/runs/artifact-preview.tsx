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
import { CsvTable } from "./csv-table.tsx";

/** Larger files are offered for download only. */
const MAX_PREVIEW_BYTES = 1_000_000;
/** Pictures that cannot carry a script. */
const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

const SVG = "image/svg+xml";
const JSON_TYPE = /^application\/(?:.*\+)?json$/;
/** Types of which there is nothing to read as text. */
const MEDIA = /^(?:image|audio|video|font)\/(?!svg)/;

/** A look into a file, by its type; files of types that say nothing are read as text where they are text. */
export function ArtifactPreview({ artifact }: { artifact: Artifact }): JSX.Element {
  const type = artifact.contentType.split(";")[0]?.trim() ?? "";
  const url = rivulet.artifacts.url({ runId: artifact.runId, path: artifact.path });
  if (IMAGES.has(type)) return <img class="artifact-image" src={url} alt={artifact.path} />;
  if (type === "application/pdf") return <PdfLink url={url} />;
  if (artifact.size > MAX_PREVIEW_BYTES) {
    return <p class="muted">{formatBytes(artifact.size)} are too much to show here.</p>;
  }
  if (type === "text/html") return <HtmlFrame url={url} title={artifact.path} />;
  if (MEDIA.test(type)) return <NoView type={type} />;
  return <TextPreview artifact={artifact} type={type} />;
}

function NoView({ type }: { type: string }): JSX.Element {
  return <p class="muted">There is no view for {type || "this type"}.</p>;
}

/** Foreign HTML in a frame without any right: no scripts, no forms, no access to this page. */
function HtmlFrame({ url, title }: { url: string; title: string }): JSX.Element {
  return <iframe class="artifact-frame" sandbox="" src={url} title={title} />;
}

/** The browser's own viewer works in a tab only: in a frame, files have no right to run it. */
function PdfLink({ url }: { url: string }): JSX.Element {
  return (
    <p>
      <a class="button" href={url} target="_blank" rel="noreferrer">
        Open the PDF in a new tab
      </a>
    </p>
  );
}

function TextPreview({ artifact, type }: { artifact: Artifact; type: string }): JSX.Element {
  const answer = useQuery(askFileText(artifact.runId, artifact.path));
  const view = (text: string): JSX.Element => {
    if (type === SVG) return <SvgImage text={text} title={artifact.path} />;
    return isText(text) ? <TextView text={text} type={type} /> : <NoView type={type} />;
  };
  return <Answered answer={answer}>{view}</Answered>;
}

/** Zeros, and what stands in place of bytes that are no UTF-8, are in no text. */
function isText(content: string): boolean {
  return !(content.includes("\0") || content.includes("\uFFFD"));
}

function TextView({ text, type }: { text: string; type: string }): JSX.Element {
  const value = useMemo(() => (JSON_TYPE.test(type) ? parse(text) : undefined), [text]);
  const confusion = value === undefined ? undefined : readConfusion(value);
  if (type === "text/csv") return <CsvTable text={text} />;
  if (type === "text/markdown") return <Markdown text={text} />;
  if (value === undefined) return <pre class="code-block">{text}</pre>;
  return (
    <>
      {confusion === undefined ? null : <ConfusionMatrix {...confusion} />}
      <JsonTree value={value} label="file" />
    </>
  );
}

/** As an image an SVG has no right to run scripts or to load anything. */
function SvgImage({ text, title }: { text: string; title: string }): JSX.Element {
  const url = `data:${SVG},${encodeURIComponent(text)}`;
  return <img class="artifact-image" src={url} alt={title} />;
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
