import type { MediaLeftOut, MediaPart } from "@rivulet/domain/messages";
import type { JSX } from "preact";
import { Chip } from "../components/chips.tsx";
import { formatBytes } from "../format/numbers.ts";
import { AttachmentView, NotKept } from "./attachment-view.tsx";
import { PlainText } from "./markdown.tsx";

/** Images that browsers draw and in which nothing can run. */
const DRAWN = /^image\/(?:png|jpeg|gif|webp)$/;

/** Why the bytes of a file were left out when its span was recorded. */
const REASONS: Readonly<Record<MediaLeftOut, string>> = {
  too_large: "it is larger than a file may be (option mediaBytes)",
  option: "the app records no files (option media)",
  unreadable: "it could not be read at the time",
};

/** A file in a message: what is there is shown. Nothing is fetched from elsewhere. */
export function MediaView({ media }: { media: MediaPart }): JSX.Element {
  const { kind, mediaType = kind, name, data, hash, leftOut, url, fileId, size, text } = media;
  const isDrawn = typeof data === "string" && DRAWN.test(mediaType);
  return (
    <>
      {hash === undefined ? null : <AttachmentView hash={hash} mediaType={mediaType} name={name} />}
      {leftOut === undefined ? null : <NotKept reason={REASONS[leftOut]} />}
      {isDrawn ? (
        <img
          class="message-image"
          src={`data:${mediaType};base64,${data}`}
          alt={name ?? "Part of the message"}
        />
      ) : null}
      <span class="chips">
        <Chip>{mediaType}</Chip>
        {name === undefined ? null : <Chip>{name}</Chip>}
        {size === undefined ? null : <Chip>{formatBytes(size)}</Chip>}
        {url === undefined ? null : <Place url={url} />}
        {fileId === undefined ? null : <Chip title="The provider's id of the file">{fileId}</Chip>}
      </span>
      {text === undefined ? null : <PlainText text={text} />}
    </>
  );
}

function Place({ url }: { url: string }): JSX.Element {
  if (!/^https?:/i.test(url)) return <Chip title={url}>{url.slice(0, 100)}</Chip>;
  return (
    <a class="chip tone-accent" href={url} target="_blank" rel="noreferrer noopener" title={url}>
      {url.slice(0, 100)}
    </a>
  );
}
