import type { MediaPart } from "@rivulet/domain/messages";
import type { JSX } from "preact";
import { Chip } from "../components/chips.tsx";
import { formatBytes } from "../format/numbers.ts";
import { PlainText } from "./markdown.tsx";

/** Images that browsers draw and in which nothing can run. */
const DRAWN = /^image\/(?:png|jpeg|gif|webp)$/;

/** A file in a message: an image that is there is drawn. Nothing is fetched from elsewhere. */
export function MediaView({ media }: { media: MediaPart }): JSX.Element {
  const { kind, mediaType = kind, name, data, url, fileId, size, text } = media;
  const isDrawn = data !== undefined && DRAWN.test(mediaType);
  return (
    <>
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
