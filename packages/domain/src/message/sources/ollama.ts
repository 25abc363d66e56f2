import {
  type FieldReader,
  type Fields,
  isBytes,
  isObject,
  isText,
  readFields,
} from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { MessagePart } from "../message.ts";

/** Images that stand beside the text of a message: bytes or base-64, or as OpenRouter gives those that a model made. */
export function readImages(from: FieldReader): readonly MessagePart[] {
  const images = from.takeIf(isImages, "images") ?? [];
  return images.map((image) => readMedia(readFields(fieldsOf(image)), "image"));
}

function fieldsOf(image: Image): Fields {
  if (isText(image) || isBytes(image)) return { data: image };
  const { type: _, ...fields } = image;
  return fields;
}

type Image = string | Uint8Array | Fields;

function isImages(value: unknown): value is readonly Image[] {
  return Array.isArray(value) && value.every(isImage);
}

function isImage(value: unknown): value is Image {
  return isText(value) || isBytes(value) || (isObject(value) && value["type"] === "image_url");
}
