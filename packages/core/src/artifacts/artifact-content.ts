import { Readable } from "node:stream";
import { isAnyArrayBuffer } from "node:util/types";
import { RivuletError } from "@rivulet/domain";
import { readInput } from "../validation.ts";
import { contentTypeOf } from "./content-type.ts";
import { exactJson } from "./exact-json.ts";

/**
 * What a file is made of. Bytes stay as they are: buffers, typed arrays, blobs, files, streams of Node and of the web, and
 * iterables of bytes, asynchronous or not. Text becomes UTF-8. Any other value becomes JSON, and is refused when JSON
 * would change it: a class instance, a Map, a Date, NaN, `undefined` and the like.
 */
export type ArtifactContent =
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView
  | Blob
  | AsyncIterable<Uint8Array | string>
  | Iterable<Uint8Array>
  | string
  | number
  | boolean
  | null
  // Also values of an `interface`, which a type of JSON with an index signature would refuse.
  | object;

/** Content on its way into the store. */
export interface ContentSource {
  /** A copy of what is at hand, so that the caller may keep writing to the original; or what is still to come. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** MIME type unless a better one is known. */
  readonly contentType: string;
}

const BINARY = "application/octet-stream";
/** Larger blobs, which may lie on a disk, are read in parts. */
const WHOLE_BLOB = 1024 * 1024;

/**
 * The content as bytes. What is still to come is read from now on.
 *
 * @param path the artifact's, for messages
 * @throws RivuletError `invalid_argument` for what cannot be stored as it is
 */
export function readContent(content: unknown, path: string): ContentSource {
  // What throws when it is looked at is refused here; what a stream throws later is the app's own error.
  return readInput("artifact.content", () => sourceOf(content, path));
}

function sourceOf(content: unknown, path: string): ContentSource {
  if (typeof content === "string")
    return { content: encodeText(content, path), contentType: "text/plain" };
  if (ArrayBuffer.isView(content)) {
    return { content: copyOfView(content, path), contentType: BINARY };
  }
  if (isAnyArrayBuffer(content)) return { content: copyOf(content, path), contentType: BINARY };
  if (content instanceof Blob) return blobSource(content);
  if (isAsyncIterable(content)) {
    if (isLocked(content)) throw unreadable(path, "is being read by something else");
    const wasRead = isDisturbed(content);
    const iterator = content[Symbol.asyncIterator]();
    const all = chunks(begun(iterator), path);
    return { content: wasRead ? someOf(all, path) : all, contentType: BINARY };
  }
  if (isBytesIterable(content)) {
    return { content: chunks(content, path), contentType: BINARY };
  }
  return { content: Buffer.from(exactJson(content, path)), contentType: "application/json" };
}

function blobSource(blob: Blob): ContentSource {
  const byName = "name" in blob && typeof blob.name === "string" ? contentTypeOf(blob.name) : "";
  const contentType = blob.type || byName || BINARY;
  return { content: blobChunks(blob), contentType };
}

async function* blobChunks(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < blob.size; from += WHOLE_BLOB) {
    yield new Uint8Array(await blob.slice(from, from + WHOLE_BLOB).arrayBuffer());
  }
}

function encodeText(text: string, path: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text);
  throw loneSurrogate(path);
}

function loneSurrogate(path: string): RivuletError {
  return new RivuletError(
    "invalid_argument",
    `The text of the artifact "${path}" contains a lone surrogate, which UTF-8 cannot represent. Pass it as bytes.`,
    { details: { field: "content" } },
  );
}

function copyOf(
  buffer: ArrayBufferLike,
  path: string,
  [offset, length]: readonly [offset: number, length: number] = [0, buffer.byteLength],
): Uint8Array {
  if ("detached" in buffer && buffer.detached) {
    throw new RivuletError(
      "invalid_argument",
      `The buffer of the artifact "${path}" has been transferred and has no bytes any more.`,
      { details: { field: "content" } },
    );
  }
  // Not `slice`, which would copy shared memory into shared memory.
  return Uint8Array.from(new Uint8Array(buffer, offset, length));
}

/** A part of a buffer. One that has shrunk under it would look like no bytes. */
function copyOfView(view: ArrayBufferView, path: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = view;
  const content = copyOf(buffer, path, [byteOffset, byteLength]);
  if (byteLength > 0 || view instanceof DataView) return content;
  try {
    // Every method but a few refuses what is out of bounds.
    Uint8Array.prototype.keys.call(view as Uint8Array);
    return content;
  } catch (cause) {
    throw unreadable(path, "is a view of a buffer that has become too short for it", cause);
  }
}

/** Whether something has been read of it, in whatever way. */
function isDisturbed(content: object): boolean {
  if (content instanceof Readable) return Readable.isDisturbed(content);
  // It knows those of the web, too, which its type does not say.
  return content instanceof ReadableStream && Readable.isDisturbed(content as never);
}

function isLocked(content: object): boolean {
  return content instanceof ReadableStream && content.locked;
}

/** What somebody has read to its end already is no empty file. */
async function* someOf(all: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  for await (const chunk of all) {
    isEmpty = false;
    yield chunk;
  }
  if (isEmpty) throw unreadable(path, "is a stream that was read before, and has nothing left");
}

function unreadable(path: string, why: string, cause?: unknown): RivuletError {
  return new RivuletError("invalid_argument", `The content of the artifact "${path}" ${why}.`, {
    cause,
    details: { field: "content" },
  });
}

function isAsyncIterable(content: unknown): content is AsyncIterable<unknown> {
  return typeof content === "object" && content !== null && Symbol.asyncIterator in content;
}

/** A generator and the like; lists are JSON, and maps and sets are nothing. */
function isBytesIterable(content: unknown): content is Iterable<unknown> {
  if (typeof content !== "object" || content === null || Array.isArray(content)) return false;
  if (/^\[object (?:Map|Set|String)\]$/.test(Object.prototype.toString.call(content))) return false;
  return Symbol.iterator in content && typeof content[Symbol.iterator] === "function";
}

/** Reads from now on: a stream that fails before somebody listens would end the process. */
async function* resumed(
  first: Promise<IteratorResult<unknown>>,
  iterator: AsyncIterator<unknown>,
): AsyncGenerator<unknown> {
  try {
    for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

function begun(iterator: AsyncIterator<unknown>): AsyncIterable<unknown> {
  const first = iterator.next();
  first.catch(() => undefined);
  return resumed(first, iterator);
}

async function* chunks(
  content: AsyncIterable<unknown> | Iterable<unknown>,
  path: string,
): AsyncGenerator<Uint8Array> {
  let half = "";
  for await (const chunk of content) {
    if (typeof chunk !== "string") {
      if (half !== "") throw loneSurrogate(path);
      yield chunkBytes(chunk, path);
      continue;
    }
    // Text may be cut within a character.
    const text = half + chunk;
    half = HIGH_SURROGATE.exec(text)?.[0] ?? "";
    yield encodeText(text.slice(0, text.length - half.length), path);
  }
  if (half !== "") throw loneSurrogate(path);
}

/** The first half of a character, at the end. */
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

function chunkBytes(chunk: unknown, path: string): Uint8Array {
  if (ArrayBuffer.isView(chunk)) return copyOfView(chunk, path);
  if (isAnyArrayBuffer(chunk)) return copyOf(chunk, path);
  throw new RivuletError(
    "invalid_argument",
    `The artifact "${path}" is a stream of something other than bytes or text.`,
    { details: { field: "content" } },
  );
}
