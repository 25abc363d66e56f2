import type { MediaPart, Message } from "@rivulet/core";
import { compact, type Fields, fieldOf, listOf, textOf } from "./read-value.ts";

/** What a model of media does, by the word that its span is named with. */
export type MediaKind = "image" | "video" | "speak" | "transcribe";

const SETTINGS = ["n", "size", "aspectRatio", "resolution", "duration", "fps", "seed"] as const;

/** The settings of a request that were given. */
export function mediaSettings(params: Fields): Fields {
  return compact<Fields>(Object.fromEntries(SETTINGS.map((name) => [name, params[name]])));
}

/** What a model of media is given. */
export function mediaInput(kind: MediaKind, params: Fields): unknown {
  if (kind === "speak") {
    const { text, voice, instructions, speed, language, outputFormat } = params;
    return compact<Fields>({ text, voice, instructions, speed, language, outputFormat });
  }
  if (kind === "transcribe") return message("user", [media("audio", params, params["audio"])]);
  const text = textOf(params["prompt"]);
  const { image, frameImages, inputReferences } = params;
  const files = [params["files"], frameImages, inputReferences].flatMap(listOf);
  const given = [...files, image, params["mask"]].filter((file) => file !== undefined);
  if (given.length === 0) return { messages: [{ role: "user", content: text ?? [] }] };
  return message("user", [
    ...(text === undefined ? [] : [{ type: "text" as const, text }]),
    ...given.map((file) => media("image", file, fieldOf(file, "data"))),
  ]);
}

/** What a model of media has made. */
export function mediaOutput(kind: MediaKind, answer: Fields, params: Fields): unknown {
  if (kind === "transcribe") return answer["text"];
  if (kind === "speak") {
    const format = textOf(params["outputFormat"]);
    const about = format === undefined ? {} : { mediaType: `audio/${format}` };
    return message("assistant", [media("audio", about, answer["audio"])]);
  }
  const parts =
    kind === "image"
      ? listOf(answer["images"]).map((image) => media(kind, {}, image))
      : listOf(answer["videos"]).map((video) => media(kind, video, fieldOf(video, "data")));
  return message("assistant", parts);
}

/** Bytes, in whatever spelling, become an attachment when the span is written. */
function media(kind: MediaPart["kind"], about: unknown, data: unknown): MediaPart {
  const mediaType = textOf(fieldOf(about, "mediaType"));
  const url = textOf(fieldOf(about, "url"));
  const part = compact<MediaPart>({
    mediaType,
    url,
    data: data as string | undefined,
  } as MediaPart);
  return { type: "media", kind, ...part };
}

function message(role: string, content: Message["content"]): { readonly messages: Message[] } {
  return { messages: [{ role, content }] };
}
