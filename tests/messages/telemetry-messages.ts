import type { WrittenMessage } from "./provider-messages.ts";

const PNG = "iVBORw0KGgo=";

/** Messages as telemetry and the frameworks that are mostly seen through it write them. */
export const TELEMETRY_MESSAGES: readonly WrittenMessage[] = [
  {
    from: "OpenTelemetry GenAI: text, thoughts and a call",
    written: {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "Ask the tool." },
        { type: "text", content: "One moment." },
        { type: "tool_call", id: "c1", name: "weather", arguments: { city: "Oslo" } },
      ],
    },
    message: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Ask the tool." },
        { type: "text", text: "One moment." },
        { type: "tool_call", id: "c1", name: "weather", arguments: { city: "Oslo" } },
      ],
    },
  },
  {
    from: "OpenTelemetry GenAI: what a tool answered",
    written: {
      role: "tool",
      parts: [{ type: "tool_call_response", id: "c1", response: "Rain" }],
    },
    message: { role: "tool", content: [{ type: "tool_result", id: "c1", content: "Rain" }] },
  },
  {
    from: "OpenTelemetry GenAI: files",
    written: {
      role: "user",
      parts: [
        { type: "blob", modality: "image", mime_type: "image/png", content: PNG },
        { type: "uri", modality: "video", uri: "https://example.org/a.mp4" },
        { type: "file", modality: "image", mime_type: "image/png", file_id: "file-1" },
      ],
    },
    message: {
      role: "user",
      content: [
        { type: "media", kind: "image", mediaType: "image/png", data: PNG },
        { type: "media", kind: "video", url: "https://example.org/a.mp4" },
        {
          type: "media",
          kind: "image",
          mediaType: "image/png",
          fileId: "file-1",
          extra: { modality: "image" },
        },
      ],
    },
  },
  {
    from: "Bedrock's Converse: a call after thoughts",
    written: {
      role: "assistant",
      content: [
        { reasoningContent: { reasoningText: { text: "Ask.", signature: "s1" } } },
        { text: "One moment." },
        { toolUse: { toolUseId: "c1", name: "weather", input: { city: "Oslo" } } },
      ],
    },
    message: {
      role: "assistant",
      content: [
        {
          type: "reasoning",
          text: "Ask.",
          extra: { signature: "s1" },
        },
        { type: "text", text: "One moment." },
        { type: "tool_call", id: "c1", name: "weather", arguments: { city: "Oslo" } },
      ],
    },
  },
  {
    from: "Bedrock's Converse: what a tool answered, beside a picture",
    written: {
      role: "user",
      content: [
        { toolResult: { toolUseId: "c1", content: [{ json: { celsius: 3 } }], status: "error" } },
        { image: { format: "png", source: { bytes: PNG } } },
      ],
    },
    message: {
      role: "user",
      content: [
        {
          type: "tool_result",
          id: "c1",
          content: [{ type: "data", value: [{ json: { celsius: 3 } }] }],
          isError: true,
        },
        { type: "media", kind: "image", mediaType: "image/png", data: PNG },
      ],
    },
  },
  {
    from: "Genkit: a call, its result and a picture",
    written: {
      role: "model",
      content: [
        { toolRequest: { ref: "c1", name: "weather", input: { city: "Oslo" } } },
        { toolResponse: { ref: "c1", name: "weather", output: "Rain" } },
        { media: { contentType: "image/png", url: `data:image/png;base64,${PNG}` } },
      ],
    },
    message: {
      role: "assistant",
      content: [
        { type: "tool_call", id: "c1", name: "weather", arguments: { city: "Oslo" } },
        { type: "tool_result", id: "c1", name: "weather", content: "Rain" },
        { type: "media", kind: "image", mediaType: "image/png", data: PNG },
      ],
    },
  },
];
