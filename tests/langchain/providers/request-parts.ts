import { hash } from "node:crypto";

/** A file that a request has in it, of as many bytes as make it an attachment. */
export interface SentFile {
  readonly bytes: Uint8Array;
  readonly base64: string;
  /** SHA-256 in hex. */
  readonly hash: string;
}

function file(begin: string, fill: string): SentFile {
  const bytes = new Uint8Array(
    Buffer.concat([Buffer.from(begin, "latin1"), Buffer.alloc(600, fill)]),
  );
  return { bytes, base64: Buffer.from(bytes).toString("base64"), hash: hash("sha256", bytes) };
}

export const PNG: SentFile = file("\x89PNG\r\n\x1a\n", "image");
const WAV: SentFile = file("RIFF\x00\x02\x00\x00WAVEfmt ", "sound");
const MP4: SentFile = file("\x00\x00\x00\x18ftypmp42", "film");
export const PDF: SentFile = file("%PDF-1.7\n", "paper");

const image = { data: PNG.base64, mimeType: "image/png" };
const dataUrl = (mediaType: string, { base64 }: SentFile): string =>
  `data:${mediaType};base64,${base64}`;
const PNG_URL = dataUrl("image/png", PNG);
const PDF_URL = dataUrl("application/pdf", PDF);
const url = "https://example.com/zz.url";
const cache_control = { type: "ephemeral", ttl: "1h" };
/** What LangChain writes beside the bytes of a block of its older kind. */
const old = { metadata: { filename: "zz.name" }, mime_type: "application/pdf" };

/** How a part is stored: the fields that say what it is. */
export type Stored = Readonly<Record<string, unknown>>;
/** A part of a message, the files that are in it, and how it is stored. */
export type SentPart = readonly [part: object, files: readonly SentFile[], stored: Stored];

const media = (kind: string, more: Stored = {}): Stored => ({ type: "media", kind, ...more });
const bytes = (kind: string, { hash }: SentFile, more: Stored = {}): Stored =>
  media(kind, { hash, ...more });
const IMAGE = bytes("image", PNG, { mediaType: "image/png" });
const PAPER = bytes("document", PDF);
const SOUND = bytes("audio", WAV);
const FILM = bytes("video", MP4);
const text = (fields: Stored = {}): Stored => ({ type: "text", text: "zz.text", ...fields });

/** Parts that chat completions take. */
export const COMPLETIONS_PARTS: readonly SentPart[] = [
  [{ type: "text", text: "zz.text", cache_control }, [], text({ extra: { cache_control } })],
  [{ type: "image_url", image_url: url }, [], media("image", { url })],
  [
    { type: "image_url", image_url: { url, detail: "low" } },
    [],
    media("image", { url, extra: { image_url: { detail: "low" } } }),
  ],
  [{ type: "image_url", image_url: PNG_URL }, [PNG], IMAGE],
  [{ type: "image_url", image_url: { url: PNG_URL } }, [PNG], IMAGE],
  [{ type: "input_audio", input_audio: { data: WAV.base64, format: "wav" } }, [WAV], SOUND],
  [
    { type: "file", file: { file_id: "zz.file_id" } },
    [],
    media("document", { fileId: "zz.file_id" }),
  ],
  [
    { type: "file", file: { filename: "zz.name", file_data: PDF_URL } },
    [PDF],
    { ...PAPER, name: "zz.name", mediaType: "application/pdf" },
  ],
  [{ type: "image", source_type: "url", url }, [], media("image", { url })],
  [
    { type: "image", source_type: "base64", data: PNG.base64, mime_type: "image/png" },
    [PNG],
    IMAGE,
  ],
  [
    { type: "audio", source_type: "base64", data: WAV.base64, mime_type: "audio/wav" },
    [WAV],
    SOUND,
  ],
  [
    {
      type: "file",
      source_type: "base64",
      data: PDF.base64,
      mime_type: "application/pdf",
      metadata: { filename: "a.pdf" },
    },
    [PDF],
    PAPER,
  ],
  [
    { type: "file", source_type: "id", id: "zz.file_id", ...old },
    [],
    media("document", { fileId: "zz.file_id", mediaType: "application/pdf", name: "zz.name" }),
  ],
];

/** Parts that OpenAI's responses take. */
export const RESPONSES_PARTS: readonly SentPart[] = [
  [{ type: "input_text", text: "zz.text" }, [], text()],
  [
    { type: "input_image", image_url: url, detail: "high" },
    [],
    media("image", { url, extra: { detail: "high" } }),
  ],
  [{ type: "input_image", image_url: PNG_URL }, [PNG], IMAGE],
  [
    { type: "input_image", file_id: "zz.file_id", detail: "auto" },
    [],
    media("image", { fileId: "zz.file_id" }),
  ],
  [{ type: "input_file", file_id: "zz.file_id" }, [], media("document", { fileId: "zz.file_id" })],
  [{ type: "input_file", file_url: url }, [], media("document", { url })],
  [
    { type: "input_file", filename: "zz.name", file_data: PDF_URL },
    [PDF],
    { ...PAPER, name: "zz.name" },
  ],
  [
    { type: "mcp_approval_response", approval_request_id: "zz.approval_id", approve: true },
    [],
    { type: "data" },
  ],
];

/** Parts that Anthropic's messages take. */
export const ANTHROPIC_PARTS: readonly SentPart[] = [
  [{ type: "text", text: "zz.text", cache_control }, [], text({ extra: { cache_control } })],
  [
    {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: PNG.base64 },
      cache_control,
    },
    [PNG],
    { ...IMAGE, extra: { cache_control } },
  ],
  [{ type: "image", source: { type: "url", url } }, [], media("image", { url })],
  [
    { type: "image", source: { type: "file", file_id: "zz.file_id" } },
    [],
    media("image", { fileId: "zz.file_id" }),
  ],
  [
    {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: PDF.base64 },
      title: "zz.title",
      context: "zz.context",
      citations: { enabled: true },
      cache_control,
    },
    [PDF],
    {
      ...PAPER,
      name: "zz.title",
      extra: { context: "zz.context", citations: { enabled: true }, cache_control },
    },
  ],
  [
    { type: "document", source: { type: "text", media_type: "text/plain", data: "zz.text" } },
    [],
    media("document", { text: "zz.text", mediaType: "text/plain" }),
  ],
  [{ type: "document", source: { type: "url", url } }, [], media("document", { url })],
  [
    { type: "document", source: { type: "file", file_id: "zz.file_id" } },
    [],
    media("document", { fileId: "zz.file_id" }),
  ],
  [
    {
      type: "document",
      source: {
        type: "content",
        content: [
          { type: "text", text: "zz.text" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: PNG.base64 } },
        ],
      },
      title: "zz.title",
    },
    [PNG],
    media("document", { name: "zz.title" }),
  ],
  [
    {
      type: "search_result",
      source: url,
      title: "zz.title",
      content: [{ type: "text", text: "zz.text" }],
      citations: { enabled: true },
    },
    [],
    { type: "data" },
  ],
  [
    { type: "container_upload", file_id: "zz.file_id" },
    [],
    media("document", { fileId: "zz.file_id" }),
  ],
  [{ type: "image_url", image_url: { url: PNG_URL }, cache_control }, [PNG], IMAGE],
  [
    { type: "file", source_type: "text", text: "zz.text", mime_type: "text/plain" },
    [],
    media("document", { text: "zz.text" }),
  ],
  [
    {
      type: "tool_result",
      tool_use_id: "zz.call_id",
      is_error: true,
      content: [
        { type: "text", text: "zz.text" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: PNG.base64 } },
        {
          type: "document",
          source: { type: "base64", media_type: "application/pdf", data: PDF.base64 },
        },
      ],
    },
    [PNG, PDF],
    { type: "tool_result", id: "zz.call_id", isError: true, content: [text(), IMAGE, PAPER] },
  ],
];

/** Parts that Google's packages take. */
export const GOOGLE_PARTS: readonly SentPart[] = [
  [{ type: "inlineData", inlineData: image }, [PNG], IMAGE],
  [{ inlineData: image }, [PNG], IMAGE],
  [{ fileData: { fileUri: url, mimeType: "video/mp4" } }, [], media("video", { url })],
  [
    { type: "fileData", fileData: { fileUri: url, mimeType: "video/mp4" } },
    [],
    media("video", { url }),
  ],
  [{ type: "media", mimeType: "video/mp4", data: MP4.base64 }, [MP4], FILM],
  [
    { type: "media", mimeType: "video/mp4", fileUri: url, videoMetadata: { fps: 2 } },
    [],
    media("video", { url, extra: { videoMetadata: { fps: 2 } } }),
  ],
  [{ type: "image_url", image_url: PNG_URL }, [PNG], IMAGE],
];

/** Only the older of Google's packages takes the type of a file for the type of a part. */
export const GENAI_PARTS: readonly SentPart[] = [
  [{ type: "application/pdf", data: PDF.base64 }, [PDF], PAPER],
  [{ type: "media", mimeType: "video/mp4", data: MP4.base64 }, [MP4], FILM],
  [{ type: "media", mimeType: "video/mp4", fileUri: url }, [], media("video", { url })],
  [{ type: "image_url", image_url: { url: PNG_URL } }, [PNG], IMAGE],
];

/** Parts that Bedrock's Converse takes. */
export const BEDROCK_PARTS: readonly SentPart[] = [
  [
    { type: "image", image: { format: "png", source: { bytes: PNG.bytes } } },
    [PNG],
    bytes("image", PNG),
  ],
  [
    {
      type: "document",
      document: {
        name: "zz.name",
        format: "pdf",
        source: { bytes: PDF.bytes },
        context: "zz.context",
      },
    },
    [PDF],
    { ...PAPER, name: "zz.name" },
  ],
  [
    { type: "document", document: { name: "zz.name", format: "txt", source: { text: "zz.text" } } },
    [],
    media("document", { name: "zz.name", text: "zz.text" }),
  ],
  [
    {
      type: "document",
      document: {
        name: "zz.name",
        format: "pdf",
        source: { s3Location: { uri: "s3://zz.bucket", bucketOwner: "zz.owner" } },
      },
    },
    [],
    media("document", { name: "zz.name", url: "s3://zz.bucket" }),
  ],
  [{ type: "video", video: { format: "mp4", source: { bytes: MP4.bytes } } }, [MP4], FILM],
  [{ type: "image_url", image_url: { url: PNG_URL } }, [PNG], IMAGE],
  [{ cachePoint: { type: "default", ttl: "1h" } }, [], { type: "data" }],
];

/** Parts that Mistral takes. */
export const MISTRAL_PARTS: readonly SentPart[] = [
  [{ type: "image_url", image_url: PNG_URL }, [PNG], IMAGE],
  [{ type: "image_url", image_url: { url, detail: "low" } }, [], media("image", { url })],
];

/** Parts that Ollama takes. */
export const OLLAMA_PARTS: readonly SentPart[] = [
  [{ type: "image_url", image_url: PNG_URL }, [PNG], IMAGE],
];

/** The blocks of LangChain's standard content: those that a provider does not take are given to none. */
export const STANDARD_BLOCKS: readonly SentPart[] = [
  [{ type: "image", url }, [], media("image", { url })],
  [{ type: "image", ...image }, [PNG], IMAGE],
  [{ type: "image", data: PNG.bytes, mimeType: "image/png" }, [PNG], IMAGE],
  [{ type: "image", fileId: "zz.file_id" }, [], media("image", { fileId: "zz.file_id" })],
  [{ type: "audio", data: WAV.base64, mimeType: "audio/wav" }, [WAV], SOUND],
  [{ type: "video", data: MP4.base64, mimeType: "video/mp4" }, [MP4], FILM],
  [
    {
      type: "file",
      data: PDF.base64,
      mimeType: "application/pdf",
      metadata: { filename: "zz.name" },
    },
    [PDF],
    { ...PAPER, name: "zz.name" },
  ],
  [
    { type: "file", fileId: "zz.file_id", id: "zz.block_id" },
    [],
    media("document", { fileId: "zz.file_id", extra: { id: "zz.block_id" } }),
  ],
  [
    {
      type: "text-plain",
      text: "zz.text",
      title: "zz.title",
      context: "zz.context",
      mimeType: "text/plain",
    },
    [],
    media("document", { text: "zz.text", name: "zz.title", extra: { context: "zz.context" } }),
  ],
  [
    { type: "text", text: "zz.text", annotations: [{ type: "citation", url, title: "zz.title" }] },
    [],
    text({ annotations: [{ type: "citation", url, title: "zz.title" }] }),
  ],
  [{ type: "non_standard", value: { zz: "zz.value" } }, [], { type: "data" }],
];
