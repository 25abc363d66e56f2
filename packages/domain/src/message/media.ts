import { compact, type FieldReader, isBytes, isText } from "./field-reader.ts";
import type { MediaKind, MediaLeftOut, MediaPart } from "./message.ts";

/** Objects in a part that say where its file is. */
const HOLDERS = [
  "source",
  "image_url",
  "imageUrl",
  "video_url",
  "input_audio",
  "inputAudio",
  "audio",
  "file",
  "resource",
  "inlineData",
  "inline_data",
  "fileData",
  "file_data",
  "image",
  "document",
  "video",
  "s3Location",
  "data",
  // What was taken out of the place of a URL or of bytes when it was stored.
  "url",
  "uri",
  "file_url",
  "blob",
  "bytes",
  "b64_json",
  "base64Data",
  "uint8ArrayData",
  "result",
];
const URLS = [
  "url",
  "uri",
  "fileUri",
  "file_uri",
  "file_url",
  "image_url",
  "imageUrl",
  "video_url",
  "document_url",
  "documentUrl",
];
const BYTES = [
  "data",
  "file_data",
  "image",
  "blob",
  "bytes",
  "base64Data",
  "uint8ArrayData",
  "result",
  "input_audio",
  "inputAudio",
];
/** What sources call the ways in which a file may be given; where it is says as much. */
const WAYS = new Set(["base64", "url", "file", "id", "text", "data", "reference"]);

type Facts = { -readonly [K in keyof MediaPart]?: MediaPart[K] | undefined };

/** Reads a file in a message, in whichever form: the names of the fields say what they hold. */
export function readMedia(from: FieldReader, kind?: MediaKind): MediaPart {
  const facts: Facts = { kind };
  let reader: FieldReader | undefined = from;
  // A file in a part, its data in the file, in Amazon's storage.
  for (let depth = 0; reader !== undefined && depth < 4; depth++) {
    if (depth > 0 && reader.fields["type"] === "media") collectStored(reader, facts);
    else collect(reader, facts);
    reader = reader.object(...HOLDERS);
  }
  return compact<MediaPart>({
    type: "media",
    kind: kindOf(facts),
    mediaType: facts.mediaType,
    name: facts.name,
    url: facts.url,
    data: facts.data,
    hash: facts.hash,
    fileId: facts.fileId,
    size: facts.size,
    leftOut: facts.leftOut,
    text: facts.text,
    extra: from.rest(),
  });
}

const DOCUMENTS = /^(?:text|application)\/(?!octet-stream)/;

function kindOf({ kind, mediaType }: Facts): MediaKind {
  const [said] = /^(?:image|audio|video)(?=\/)/.exec(mediaType ?? "") ?? [];
  // LangChain tells of every file that has a URL as if it were an image.
  const isDocument = kind === "image" && DOCUMENTS.test(mediaType ?? "");
  return (said as MediaKind | undefined) ?? (isDocument ? "document" : kind) ?? "document";
}

function collect(from: FieldReader, facts: Facts): void {
  const way = from.takeIf(isWay, "source_type", "type");
  facts.kind ??= from.takeIf(isKind, "kind");
  facts.mediaType ??= from.text("mediaType", "mimeType", "mime_type", "media_type", "contentType");
  facts.name ??= from.text(
    "filename",
    "name",
    "title",
    "displayName",
    "display_name",
    "document_name",
    "documentName",
  );
  facts.name ??= from.object("metadata")?.text("filename", "name", "title");
  facts.hash ??= from.text("hash");
  facts.fileId ??= from.text("fileId", "file_id", ...(way === "id" ? ["id"] : []));
  facts.size ??= from.takeIf(isSize, "size");
  facts.leftOut ??= from.takeIf(isReason, "leftOut");
  facts.text ??= from.text("text", "transcript", ...(way === "text" ? ["data"] : []));
  if (facts.mediaType === undefined) facts.mediaType = takeFormat(from, facts.kind ?? "audio");
  takeUrl(from, facts);
  takeBytes(from, facts);
}

const OFFICE = "application/vnd.openxmlformats-officedocument";
/** What Bedrock calls the formats of documents. */
const DOCUMENT_FORMATS: ReadonlyMap<string, string> = new Map([
  ["pdf", "application/pdf"],
  ["csv", "text/csv"],
  ["html", "text/html"],
  ["md", "text/markdown"],
  ["txt", "text/plain"],
  ["doc", "application/msword"],
  ["docx", `${OFFICE}.wordprocessingml.document`],
  ["xls", "application/vnd.ms-excel"],
  ["xlsx", `${OFFICE}.spreadsheetml.sheet`],
]);

function takeFormat(from: FieldReader, kind: MediaKind): string | undefined {
  if (kind !== "document") {
    const format = from.text("format");
    return format === undefined ? undefined : `${kind}/${format}`;
  }
  const format = from.takeIf(
    (value): value is string => DOCUMENT_FORMATS.has(String(value)),
    "format",
  );
  return DOCUMENT_FORMATS.get(format ?? "");
}

/** What was stored in place of bytes says less than what stood around them, and nothing of it is left. */
function collectStored(from: FieldReader, facts: Facts): void {
  const inner: Facts = {};
  from.take("type");
  collect(from, inner);
  Object.assign(facts, { ...inner, ...compact(facts) });
}

function takeUrl(from: FieldReader, facts: Facts): void {
  if (facts.url !== undefined || facts.data !== undefined) return;
  const url = from.takeIf(isUrl, ...URLS);
  if (url !== undefined) placeText(facts, String(url), "url");
}

function takeBytes(from: FieldReader, facts: Facts): void {
  if (facts.url !== undefined || facts.data !== undefined) return;
  const data = from.takeIf(isData, ...BYTES);
  if (data === undefined) return;
  // Files that the AI SDK has made keep one and the same bytes in two forms.
  from.takeIf(isData, "base64Data");
  from.takeIf(isData, "uint8ArrayData");
  if (isBytes(data)) facts.data = toBytes(data);
  else placeText(facts, String(data), "data");
}

/** Fields for bytes may hold a URL, and fields for URLs bytes. */
function placeText(facts: Facts, text: string, field: "url" | "data"): void {
  const leftOut = /^\[(?:(\d+) )?bytes left out\]$/.exec(text);
  if (leftOut !== null) facts.size = leftOut[1] === undefined ? undefined : Number(leftOut[1]);
  else if (text.startsWith("data:")) placeDataUrl(facts, text);
  else if (ATTACHMENT.test(text)) facts.hash = text.slice(ATTACHMENT_SCHEME.length);
  else if (/^[a-z][a-z\d+.-]*:/i.test(text)) facts.url = text;
  else facts[field] = text;
}

/** How a text refers to a file that was taken out of it. */
const ATTACHMENT_SCHEME = "attachment:";
const ATTACHMENT = /^attachment:[\da-f]{64}$/;

function toBytes(data: ArrayBufferView | ArrayBuffer): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function placeDataUrl(facts: Facts, url: string): void {
  const comma = url.indexOf(",");
  const head = url.slice("data:".length, comma);
  if (comma < 0 || !head.endsWith(";base64")) {
    facts.url = url;
    return;
  }
  const mediaType = head.slice(0, -";base64".length);
  if (mediaType !== "") facts.mediaType ??= mediaType;
  facts.data = url.slice(comma + 1);
}

function isWay(value: unknown): value is string {
  return isText(value) && WAYS.has(value);
}

function isKind(value: unknown): value is MediaKind {
  return value === "image" || value === "audio" || value === "video" || value === "document";
}

function isReason(value: unknown): value is MediaLeftOut {
  return value === "too_large" || value === "option" || value === "unreadable";
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}

function isUrl(value: unknown): value is string | URL {
  return isText(value) || value instanceof URL;
}

function isData(value: unknown): value is string | URL | ArrayBufferView | ArrayBuffer {
  return isUrl(value) || isBytes(value);
}
