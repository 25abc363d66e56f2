/** What is said of bytes of which nothing is known. */
export const BINARY = "application/octet-stream";

/** First bytes of files as hex, and what they are. `.` stands for any digit. */
const SIGNATURES: readonly (readonly [begin: RegExp, mediaType: string])[] = [
  [/^89504e470d0a1a0a/, "image/png"],
  [/^ffd8ff/, "image/jpeg"],
  [/^474946383[79]61/, "image/gif"],
  [/^52494646.{8}57454250/, "image/webp"],
  [/^.{8}66747970(?:61766966|61766973)/, "image/avif"],
  [/^.{8}66747970(?:68656963|6d696631)/, "image/heic"],
  [/^(?:49492a00|4d4d002a)/, "image/tiff"],
  [/^424d.{8}00000000/, "image/bmp"],
  [/^52494646.{8}57415645/, "audio/wav"],
  [/^(?:494433|fff[b3a2])/, "audio/mpeg"],
  [/^4f676753/, "audio/ogg"],
  [/^664c6143/, "audio/flac"],
  [/^.{8}667479704d3441/, "audio/mp4"],
  [/^.{8}66747970/, "video/mp4"],
  [/^1a45dfa3/, "video/webm"],
  [/^25504446/, "application/pdf"],
  [/^504b0304/, "application/zip"],
  [/^1f8b08/, "application/gzip"],
];
const SIGNATURE_BYTES = 16;

/** What the first bytes of a file say that it is; `undefined` when they say nothing. */
export function sniffMediaType(content: Uint8Array): string | undefined {
  const first = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const hex = first.toString("hex", 0, SIGNATURE_BYTES);
  return SIGNATURES.find(([begin]) => begin.test(hex))?.[1];
}

/** How base-64 of such files begins. */
const BEGINNINGS =
  /^(?:iVBORw0KGg|\/9j\/|R0lGOD|UklGR|SUkqA|T2dnUw|ZkxhQ|SUQz|\/\/[uvs]|GkXfo|JVBERi|UEsDB|H4sI|AAAA..?mZ0eX)/;

/** Whether a text may be a known kind of file in base-64. */
export function mayBeFile(text: string): boolean {
  return BEGINNINGS.test(text);
}

const MEDIA_TYPE = /^[a-z\d][\w.+-]{0,49}\/[\w.+-]{1,99}$/;
/** Types that say little: what the bytes say is better. */
const VAGUE = /^(?:application\/(?:octet-stream|binary)|binary\/octet-stream)$/;

/** The media type without its parameters; `undefined` for what is none, or says nothing. */
export function cleanMediaType(given: unknown): string | undefined {
  if (typeof given !== "string") return undefined;
  const type = (given.split(";", 1)[0] ?? "").trim().toLowerCase();
  return MEDIA_TYPE.test(type) && !VAGUE.test(type) ? type : undefined;
}

/** How a model perceives a file of this type. */
export function kindOf(mediaType: string): "image" | "audio" | "video" | "document" {
  const kind = mediaType.split("/", 1)[0];
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}
