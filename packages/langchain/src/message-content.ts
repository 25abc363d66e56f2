/** A part of a message with several. */
type Part = Readonly<Record<string, unknown>>;

const MEDIA = new Set(["image", "audio", "video", "file"]);
const TEXT_FIELDS = ["text", "reasoning", "thinking"];

/** Content as it is stored: text stays, parts get one shape for all providers, bytes are only counted. */
export function pickContent(content: unknown): unknown {
  return Array.isArray(content) ? content.map(pickPart) : content;
}

function pickPart(part: unknown): unknown {
  if (typeof part !== "object" || part === null) return part;
  const { type } = part as { type?: unknown };
  if (type === "text") return { type, text: (part as Part)["text"] };
  if (type === "reasoning" || type === "thinking") return { type: "reasoning", text: textOf(part) };
  if (type === "image_url") return pickImageUrl(part as Part);
  if (typeof type === "string" && MEDIA.has(type)) return pickMedia(type, part as Part);
  return part;
}

function textOf(part: object): unknown {
  for (const field of TEXT_FIELDS) {
    const text = (part as Part)[field];
    if (typeof text === "string") return text;
  }
  return "";
}

/** OpenAI's form: `{ image_url: 'https…' | { url } }`. */
function pickImageUrl(part: Part): Part {
  const image = part["image_url"] as string | { url?: unknown } | undefined;
  return { type: "image", ...pickUrl(typeof image === "object" ? image.url : image) };
}

/** LangChain's own form, in which the bytes are `data` or a data URL, and the older one with `source`. */
function pickMedia(type: string, part: Part): Part {
  const source = (part["source"] ?? part) as Part;
  const mediaType = source["mimeType"] ?? source["mime_type"] ?? source["media_type"];
  const { data } = source as { data?: unknown };
  const media = data === undefined ? pickUrl(source["url"]) : { url: leftOut(data) };
  return { type, ...(mediaType === undefined ? {} : { mediaType }), ...media };
}

function pickUrl(url: unknown): Part {
  if (typeof url !== "string" || !url.startsWith("data:")) return { url };
  const comma = url.indexOf(",");
  const mediaType = url.slice("data:".length, comma).split(";")[0];
  return { mediaType, url: leftOut(url.slice(comma + 1)) };
}

function leftOut(data: unknown): string {
  if (typeof data === "string") return `[${Math.floor((data.length * 3) / 4)} bytes left out]`;
  const bytes = (data as { byteLength?: unknown } | null)?.byteLength;
  return typeof bytes === "number" ? `[${bytes} bytes left out]` : "[bytes left out]";
}
