import { type FieldReader, isBytes, isText, readFields } from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { MessagePart } from "../message.ts";

/** Images that stand beside the text of a message, as bytes or base-64. */
export function readImages(from: FieldReader): readonly MessagePart[] {
  const images = from.takeIf(isImages, "images") ?? [];
  return images.map((data) => readMedia(readFields({ data }), "image"));
}

function isImages(value: unknown): value is readonly (string | Uint8Array)[] {
  return Array.isArray(value) && value.every((image) => isText(image) || isBytes(image));
}
