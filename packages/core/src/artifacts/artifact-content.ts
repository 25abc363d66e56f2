import { isAnyArrayBuffer } from "node:util/types";
import { type JsonValue, jsonValueSchema, LIMITS, RivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { parseInput, readInput } from "../validation.ts";

/**
 * What a file is made of. Bytes stay as they are: buffers, typed arrays, blobs, files and streams of bytes. Text
 * becomes UTF-8, and any other value JSON.
 */
export type ArtifactContent =
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView
  | Blob
  | AsyncIterable<Uint8Array | string>
  | string
  | JsonValue;

/** Content as it is stored. */
export interface ContentBytes {
  /** A copy, so that the caller may keep writing to the original while it is being stored. */
  readonly bytes: Uint8Array;
  /** MIME type unless a better one is known. */
  readonly contentType: string;
}

const BINARY = "application/octet-stream";

/**
 * The content as bytes.
 *
 * @param path the artifact's, for messages
 * @throws RivuletError `invalid_argument` for what cannot be stored as it is, `limit_exceeded`
 */
export async function toBytes(content: unknown, path: string): Promise<ContentBytes> {
  // What throws when it is looked at is refused here; what a stream throws later is the app's own error.
  if (readInput("artifact.content", () => isStream(content)))
    return { bytes: await readAll(content as AsyncIterable<unknown>, path), contentType: BINARY };
  if (typeof content === "string")
    return { bytes: encodeText(content, path), contentType: "text/plain" };
  if (ArrayBuffer.isView(content)) {
    const { buffer, byteOffset, byteLength } = content;
    return { bytes: copyOf(buffer, path, [byteOffset, byteLength]), contentType: BINARY };
  }
  if (isAnyArrayBuffer(content)) return { bytes: copyOf(content, path), contentType: BINARY };
  if (content instanceof Blob) {
    refuseOver(content.size, path);
    const type = content.type === "" ? BINARY : content.type;
    return { bytes: new Uint8Array(await content.arrayBuffer()), contentType: type };
  }
  return { bytes: encodeJson(content), contentType: "application/json" };
}

function encodeText(text: string, path: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text);
  throw new RivuletError(
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
  refuseOver(length, path);
  return new Uint8Array(buffer, offset, length).slice();
}

function isStream(content: unknown): content is AsyncIterable<unknown> {
  return typeof content === "object" && content !== null && Symbol.asyncIterator in content;
}

async function readAll(content: AsyncIterable<unknown>, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    const bytes = chunkBytes(chunk, path);
    size += bytes.byteLength;
    refuseOver(size, path);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function chunkBytes(chunk: unknown, path: string): Uint8Array {
  if (typeof chunk === "string") return encodeText(chunk, path);
  if (ArrayBuffer.isView(chunk)) {
    return copyOf(chunk.buffer, path, [chunk.byteOffset, chunk.byteLength]);
  }
  if (isAnyArrayBuffer(chunk)) return copyOf(chunk, path);
  throw new RivuletError(
    "invalid_argument",
    `The artifact "${path}" is a stream of something other than bytes or text.`,
    { details: { field: "content" } },
  );
}

const jsonContentSchema: z.ZodType<{ readonly content: JsonValue }> = z.object({
  content: jsonValueSchema,
});

function encodeJson(content: unknown): Uint8Array {
  if (content instanceof Promise) {
    throw new RivuletError("invalid_argument", "artifact.content is a promise: await it first.", {
      details: { field: "content" },
    });
  }
  const parsed = parseInput(jsonContentSchema, { content }, "artifact");
  return Buffer.from(JSON.stringify(parsed.content, null, 2));
}

/** @throws RivuletError `limit_exceeded` */
export function refuseOver(size: number, path: string): void {
  if (size <= LIMITS.artifactBytes) return;
  throw new RivuletError(
    "limit_exceeded",
    `The artifact "${path}" has ${size} bytes; the limit is ${LIMITS.artifactBytes}.`,
    { details: { limit: LIMITS.artifactBytes } },
  );
}
