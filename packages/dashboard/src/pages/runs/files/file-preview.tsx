import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { lazyComponent } from "../../../components/lazy-component.tsx";
import type { FileHome, ShownFile } from "../../../questions/files.ts";
import { type FileKind, kindOf, typeOf } from "./file-kind.ts";
import { NoView } from "./no-view.tsx";

/** What is shown, and where it is kept. */
interface FileProps {
  readonly home: FileHome;
  readonly file: ShownFile;
}

const TextFile: FunctionComponent<FileProps & { kind: FileKind }> = lazyComponent(
  async () => (await import("./text-file.tsx")).TextFile,
);

/** A look into a file, by its type; files of types that say nothing are read as text where they are text. */
export function FilePreview({ home, file }: FileProps): JSX.Element {
  const { path, contentType } = file;
  const [isBroken, setBroken] = useState(false);
  const kind = kindOf(file);
  const url = home.url(path);
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
      return <TextFile home={home} file={file} kind={kind} />;
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
