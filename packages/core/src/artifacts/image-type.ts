import { RivuletError } from "@rivulet/domain";

/** An image as a file holds it. */
export type ImageBytes = ArrayBuffer | ArrayBufferView | Blob;

/** Type and usual ending of an image. */
export interface ImageType {
  readonly contentType: string;
  readonly ending: string;
}

/** How many of the first bytes tell what an image is. */
const TELLING_BYTES = 12;

const TYPES: readonly (readonly [first: RegExp, ImageType])[] = [
  [/^\x89PNG\r\n/, { contentType: "image/png", ending: "png" }],
  [/^\xff\xd8\xff/, { contentType: "image/jpeg", ending: "jpeg" }],
  [/^GIF8[79]a/, { contentType: "image/gif", ending: "gif" }],
  [/^RIFF.{4}WEBP/s, { contentType: "image/webp", ending: "webp" }],
];

/** What an image is, by its first bytes. @throws RivuletError `invalid_argument` when it is none of those */
export async function imageTypeOf(image: unknown, what: string): Promise<ImageType> {
  const first = Buffer.from(await firstBytes(image)).toString("latin1");
  const type = TYPES.find(([begins]) => begins.test(first))?.[1];
  if (type !== undefined) return type;
  throw new RivuletError(
    "invalid_argument",
    `${what} must be the bytes of a PNG, JPEG, GIF or WebP. Encode what is only pixels first.`,
    { details: { field: what } },
  );
}

async function firstBytes(image: unknown): Promise<Uint8Array> {
  if (image instanceof Blob) {
    return new Uint8Array(await image.slice(0, TELLING_BYTES).arrayBuffer());
  }
  if (ArrayBuffer.isView(image)) {
    const { buffer, byteOffset, byteLength } = image;
    return new Uint8Array(buffer, byteOffset, Math.min(byteLength, TELLING_BYTES));
  }
  if (image instanceof ArrayBuffer) return new Uint8Array(image).subarray(0, TELLING_BYTES);
  return new Uint8Array(0);
}
