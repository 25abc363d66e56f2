import type { Artifact } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../../api/client.ts";
import { lazyComponent } from "../../../components/lazy-component.tsx";
import { type FileKind, kindOf, typeOf } from "./file-kind.ts";
import { NoView } from "./no-view.tsx";

const TextFile: FunctionComponent<{ artifact: Artifact; kind: FileKind }> = lazyComponent(
  async () => (await import("./text-file.tsx")).TextFile,
);

/** A look into a file, by its type; files of types that say nothing are read as text where they are text. */
export function FilePreview({ artifact }: { artifact: Artifact }): JSX.Element {
  const { runId, path, contentType } = artifact;
  const [isBroken, setBroken] = useState(false);
  const kind = kindOf(artifact);
  const url = rivulet.artifacts.url({ runId, path });
  const onError = (): void => setBroken(true);
  if (isBroken) return <p class="muted">This browser cannot show it.</p>;
  switch (kind) {
    case "image":
      return <img class="artifact-image" src={url} alt={path} onError={onError} />;
    case "audio":
    case "video": {
      const Player = kind;
      return (
        <Player class="artifact-image" src={url} controls preload="metadata" {...{ onError }} />
      );
    }
    case "pdf":
      return <PdfView url={url} title={path} />;
    case "html":
      return <HtmlFrame url={url} title={path} />;
    case "bytes":
      return <NoView type={typeOf(contentType)} />;
    default:
      return <TextFile artifact={artifact} kind={kind} />;
  }
}

/** Foreign HTML in a frame without any right: no scripts, no forms, no access to this page. */
function HtmlFrame({ url, title }: { url: string; title: string }): JSX.Element {
  return <iframe class="artifact-frame" sandbox="" src={url} title={title} />;
}

/** The browser's own viewer, without its side panes, where it has one that works in a frame. */
function PdfView({ url, title }: { url: string; title: string }): JSX.Element {
  return (
    <>
      {navigator.pdfViewerEnabled ? (
        <iframe class="artifact-frame" src={`${url}#navpanes=0&pagemode=none`} title={title} />
      ) : null}
      <p>
        <a class="button" href={url} target="_blank" rel="noreferrer">
          Open the PDF in a new tab
        </a>
      </p>
    </>
  );
}
