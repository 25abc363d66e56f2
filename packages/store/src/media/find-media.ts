import { base64Size, bytesOf, bytesOfJson } from "./base64.ts";
import type { FoundMedia, MediaKeeper, StandIn } from "./media-keeper.ts";
import { mayBeFile } from "./media-type.ts";

type Fields = Readonly<Record<string, unknown>>;

const COLON = "data".length;
/** The longest beginning of a data URL. */
const HEAD = 200;
const DATA_URL = /^data:([^,;]*)[^,]*;base64,/i;
/** Fields of messages and of answers of tools in which providers give bytes. */
const BYTES_FIELDS: ReadonlySet<string> = new Set([
  "data",
  "image",
  "audio",
  "file",
  "file_data",
  "fileData",
  "blob",
  "bytes",
  "base64",
  "base64Data",
  "b64_json",
  "result",
]);
/** Fields beside them that say what they are. */
const TYPE_FIELDS = ["mediaType", "mimeType", "mime_type", "media_type", "contentType"] as const;
const NAME_FIELDS = ["filename", "name", "title"] as const;

/** What stands for bytes that are an object; `undefined` for another object. */
export function replaceObject(
  keeper: MediaKeeper,
  value: object,
  holder: object | undefined,
): StandIn | undefined {
  const bytes = bytesOf(value);
  if (bytes !== undefined) return replaceBytes(keeper, bytes, holder);
  if (!(value instanceof Blob)) return undefined;
  // It can only be read later, when the span may be over.
  const { size, type } = value;
  const name = value instanceof File ? value.name : undefined;
  const { part } = describedBlob(type, name);
  return { part: { ...part, size, leftOut: "unreadable" } };
}

function describedBlob(mediaType: string, name: string | undefined): StandIn {
  const kind = /^(?:image|audio|video)(?=\/)/.exec(mediaType)?.[0] ?? "document";
  return {
    part: {
      type: "media",
      kind: kind as "document",
      ...(mediaType === "" ? {} : { mediaType }),
      ...(name === undefined ? {} : { name }),
    },
  };
}

/** The same for plain objects: a part of a message with its bytes, or a buffer that was made JSON. */
export function replacePlain(keeper: MediaKeeper, value: Fields): StandIn | undefined {
  const { type, data } = value;
  if (data === undefined || data === null) return undefined;
  if (type === "media") return replacePart(keeper, value);
  if (type !== "Buffer" || Object.keys(value).length !== 2) return undefined;
  const bytes = bytesOfJson(data);
  return bytes && replaceBytes(keeper, bytes, undefined);
}

function replacePart(keeper: MediaKeeper, part: Fields): StandIn | undefined {
  const { data, ...others } = part;
  const isText = typeof data === "string";
  if (isText && base64Size(data) < keeper.smallest) return undefined;
  const bytes = isText ? { base64: data } : bytesOf(data as object);
  if (bytes === undefined) return undefined;
  if (bytes instanceof Uint8Array && bytes.byteLength < keeper.smallest) {
    return { part: { ...others, data: base64Of(bytes) } as unknown as StandIn["part"] };
  }
  const { kind, mediaType, name } = others as Pick<FoundMedia, "kind" | "mediaType" | "name">;
  const found = keeper.replace({ bytes, kind, mediaType, name });
  return found && { ...found, part: { ...others, ...found.part } as StandIn["part"] };
}

function replaceBytes(
  keeper: MediaKeeper,
  bytes: Uint8Array,
  holder: object | undefined,
): StandIn | undefined {
  const about = aboutOf(holder);
  if (bytes.byteLength >= keeper.smallest) return keeper.replace({ bytes, ...about });
  const data = base64Of(bytes);
  const found = { type: "media", kind: "document", data, size: bytes.byteLength } as const;
  return { part: found };
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

/**
 * What stands for a text that is bytes; `undefined` for another text.
 *
 * @param holder the object that has the text in its field `key`
 */
export function replaceText(
  keeper: MediaKeeper,
  text: string,
  { key, holder }: { readonly key: string; readonly holder: object | undefined },
): StandIn | undefined {
  // Nearly no text has a colon there.
  const url = text[COLON] === ":" ? DATA_URL.exec(text.slice(0, HEAD)) : null;
  if (url !== null) {
    const [head, mediaType] = url;
    return keeper.replace({
      ...aboutOf(holder),
      bytes: { base64: text.slice(head.length) },
      mediaType,
    });
  }
  const about = BYTES_FIELDS.has(key) ? aboutOf(holder) : undefined;
  if (about?.mediaType === undefined && !mayBeFile(text)) return undefined;
  return keeper.replace({ ...about, bytes: { base64: text } });
}

/** What the object around bytes says of them. */
function aboutOf(holder: object | undefined): Pick<FoundMedia, "mediaType" | "name"> {
  if (holder === undefined || Array.isArray(holder)) return {};
  const fields = holder as Fields;
  const said = TYPE_FIELDS.map((field) => fields[field]).find(isText);
  const format = fields["format"];
  const mediaType = said ?? (isText(format) ? `audio/${format}` : undefined);
  return { mediaType, name: NAME_FIELDS.map((field) => fields[field]).find(isText) };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

const MARK = ";base64,";
const INNER_URL = /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+=-]+)*;base64,([\w+/=-]+)/g;

/** Files that a text refers to, and the text. */
export interface RefersTo {
  readonly text: string;
  readonly files: readonly NonNullable<StandIn["file"]>[];
}

/** A longer text with data URLs in it, such as Markdown or JSON: each becomes `attachment:` and the hash of its bytes. */
export function replaceInText(keeper: MediaKeeper, text: string): RefersTo | undefined {
  if (!text.includes(MARK)) return undefined;
  const files: NonNullable<StandIn["file"]>[] = [];
  const replaced = text.replaceAll(
    INNER_URL,
    (url, mediaType: string | undefined, base64: string) => {
      const isSmall = base64Size(base64) < keeper.smallest;
      const found = isSmall ? undefined : keeper.replace({ bytes: { base64 }, mediaType });
      if (found === undefined) return url;
      const { part, file } = found;
      if (file === undefined) return `[${part.mediaType ?? part.kind} left out]`;
      files.push(file);
      return `attachment:${file.hash}`;
    },
  );
  return replaced === text ? undefined : { text: replaced, files };
}
