import type { MediaPart } from "@rivulet/domain";
import { base64Size } from "./base64.ts";
import { createMediaCache } from "./media-cache.ts";
import { BINARY, cleanMediaType, kindOf, sniffMediaType } from "./media-type.ts";

/** What becomes of the bytes in a value. */
export interface MediaOptions {
  /** `store`: they are kept apart; `describe`: only their size and type; `drop`: only that there was a file. @default 'store' */
  readonly media?: "store" | "describe" | "drop";
  /** Largest file that is kept, in bytes. @default 10 MiB */
  readonly mediaBytes?: number;
}

/** A file that a value refers to. */
export interface MediaFile {
  /** SHA-256 of the bytes in hex. */
  readonly hash: string;
  /** Size in bytes. */
  readonly size: number;
  /** Such as `image/png`; `application/octet-stream` when it is not known. */
  readonly mediaType: string;
  /** Name of the file, where its source gives one. */
  readonly name?: string;
  /** The bytes, which nobody changes. */
  readonly content: Uint8Array;
}

/** Bytes in whichever spelling, and what is said of them. */
export interface FoundMedia {
  readonly bytes: Uint8Array | Base64;
  /** What its source says that it is. */
  readonly mediaType?: unknown;
  readonly name?: unknown;
  readonly kind?: MediaPart["kind"] | undefined;
}

/** Bytes as text. */
export interface Base64 {
  readonly base64: string;
}

/** What stands in a value for a file, and the file if it is kept. */
export interface StandIn {
  readonly part: MediaPart;
  readonly file?: MediaFile;
}

/** Takes bytes out of values. */
export interface MediaKeeper {
  /** Fewer bytes stay in their span: a file would cost more than it saves. */
  readonly smallest: number;
  /** Shorter texts are not looked into. */
  readonly smallestText: number;
  /** What stands for bytes; `undefined` for what is no base-64. */
  replace(found: FoundMedia): StandIn | undefined;
  /** How many files were too large since the start. */
  tooLarge(): number;
}

const SMALLEST_BYTES = 256;
/** The shortest data URL. */
const SHORTEST_URL = "data:;base64,AAAA".length;
const LARGEST_BYTES = 10 * 1024 ** 2;

/** Makes a {@link MediaKeeper}. */
export function createMediaKeeper(options: MediaOptions = {}): MediaKeeper {
  const { media = "store", mediaBytes = LARGEST_BYTES } = options;
  const cache = createMediaCache();
  let tooLarge = 0;

  const keep = (found: FoundMedia): StandIn | undefined => {
    const { bytes } = found;
    const hashed =
      bytes instanceof Uint8Array ? cache.ofBytes(bytes) : cache.ofBase64(bytes.base64);
    if (hashed === undefined) return undefined;
    const { hash, content } = hashed;
    const { type, kind, ...about } = aboutOf(found, content);
    const size = content.byteLength;
    const { mediaType = BINARY, name } = about;
    const part = { type, kind, ...about, mediaType, hash, size };
    const named = name === undefined ? {} : { name };
    return { part, file: { hash, content, size, mediaType, ...named } };
  };
  const smallest = media === "store" ? SMALLEST_BYTES : 0;
  return {
    smallest,
    smallestText: Math.max(SHORTEST_URL, Math.ceil((smallest * 4) / 3)),
    replace(found) {
      const { bytes } = found;
      const size = bytes instanceof Uint8Array ? bytes.byteLength : base64Size(bytes.base64);
      if (media === "store" && size <= mediaBytes) return keep(found);
      if (media === "drop") return { part: { ...kindOnly(found), leftOut: "option" } };
      const about = aboutOf(found, firstOf(bytes));
      if (media === "describe") return { part: { ...about, size, leftOut: "option" } };
      tooLarge += 1;
      return { part: { ...about, size, leftOut: "too_large" } };
    },
    tooLarge: () => tooLarge,
  };
}

function aboutOf({ mediaType, name, kind }: FoundMedia, content: Uint8Array): MediaPart {
  const said = cleanMediaType(mediaType);
  const found = said ?? sniffMediaType(content);
  const hasName = typeof name === "string" && name !== "";
  return {
    type: "media",
    kind: kind ?? kindOf(found ?? BINARY),
    ...(found === undefined ? {} : { mediaType: found }),
    ...(hasName ? { name: name.slice(0, MOST_NAME) } : {}),
  };
}

const MOST_NAME = 250;

function kindOnly({ mediaType, kind }: FoundMedia): MediaPart {
  return { type: "media", kind: kind ?? kindOf(cleanMediaType(mediaType) ?? BINARY) };
}

/** Characters of base-64 that show what a file is. */
const FIRST = 64;

function firstOf(bytes: FoundMedia["bytes"]): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : Buffer.from(bytes.base64.slice(0, FIRST), "base64");
}
