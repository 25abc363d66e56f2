import { messageOf } from "@rivulet/domain/errors";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { rivulet } from "../api/client.ts";
import { Icon } from "../components/icon.tsx";
import { InView } from "../components/in-view.tsx";

/** Images that browsers draw and in which nothing can run. */
const DRAWN = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;
const PLAYED = /^(?:audio|video)\//;

/** What is known of a file that is kept apart from its span. */
export interface KeptFile {
  /** SHA-256 of its bytes. */
  readonly hash: string;
  readonly mediaType: string;
  readonly name?: string | undefined;
}

/** A file that is kept apart from its span: drawn, played, read in a frame, opened in a tab, or saved; or why it is not there. */
export function AttachmentView({ hash, mediaType, name }: KeptFile): JSX.Element {
  const [reason, setReason] = useState<string>();
  if (reason !== undefined) return <NotKept reason={reason} />;
  const url = rivulet.traces.attachmentUrl(hash);
  const explain = (): void => void whyNot(hash).then(setReason);
  if (DRAWN.test(mediaType)) {
    const alt = name ?? "Part of the message";
    return <img class="message-image" src={url} alt={alt} loading="lazy" onError={explain} />;
  }
  if (PLAYED.test(mediaType)) {
    return <Player url={url} mediaType={mediaType} onError={explain} />;
  }
  const isPdf = mediaType === "application/pdf";
  return (
    <>
      {isPdf && navigator.pdfViewerEnabled ? (
        <InView height={120}>
          {() => <PdfFrame hash={hash} name={name} onMissing={setReason} />}
        </InView>
      ) : null}
      <FileLink hash={hash} isShown={isPdf} name={name} />
    </>
  );
}

/** The browser's own viewer, without its side panes, once it is known that the bytes are there: it has them from the cache then. */
function PdfFrame({
  hash,
  name = "Document",
  onMissing,
}: {
  hash: string;
  name: string | undefined;
  onMissing: (reason: string) => void;
}): JSX.Element | null {
  const [isKept, setKept] = useState(false);
  useEffect(() => {
    void whyMissing(hash).then((reason) =>
      reason === undefined ? setKept(true) : onMissing(reason),
    );
  }, [hash]);
  if (!isKept) return null;
  const url = `${rivulet.traces.attachmentUrl(hash)}#navpanes=0&pagemode=none`;
  return <iframe class="message-pdf" src={url} title={name} />;
}

function Player({
  url,
  mediaType,
  onError,
}: {
  url: string;
  mediaType: string;
  onError: () => void;
}): JSX.Element {
  const Element = mediaType.startsWith("video/") ? "video" : "audio";
  // What an app has recorded has no captions; its transcript, where there is one, is shown below.
  return <Element class="message-image" src={url} controls preload="metadata" onError={onError} />;
}

function FileLink({
  hash,
  isShown,
  name = "the file",
}: {
  hash: string;
  isShown: boolean;
  name: string | undefined;
}): JSX.Element {
  if (isShown) {
    const url = rivulet.traces.attachmentUrl(hash);
    return (
      <a class="button" href={url} target="_blank" rel="noreferrer noopener">
        Open {name}
      </a>
    );
  }
  return (
    <a class="button" href={rivulet.traces.attachmentUrl(hash, { download: true })} download>
      <Icon name="download" />
      Download {name}
    </a>
  );
}

/** Says why the bytes of a file are not there. */
export function NotKept({ reason }: { reason: string }): JSX.Element {
  return <p class="muted">not kept: {reason}</p>;
}

async function whyNot(hash: string): Promise<string> {
  return (await whyMissing(hash)) ?? "this browser cannot show it";
}

async function whyMissing(hash: string): Promise<string | undefined> {
  try {
    await rivulet.traces.getAttachment(hash);
    return undefined;
  } catch (error) {
    return messageOf(error).replace(/^.* are not kept: /, "");
  }
}
