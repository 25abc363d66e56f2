import type { JsonValue, MediaPart, Message, MessagePart, ToolResultPart } from "@rivulet/core";

type Fields = Readonly<Record<string, unknown>>;

/** Messages by OpenTelemetry's conventions for generative AI: roles and parts. */
export function toGenAiMessages(
  messages: readonly Message[],
  finishReason?: unknown,
): readonly Fields[] {
  return messages.map(({ role, name, content, extra }) => ({
    role,
    ...defined({ name }),
    parts: typeof content === "string" ? textParts(content) : content.map(toPart),
    ...extra,
    ...(typeof finishReason === "string" ? { finish_reason: finishReason } : {}),
  }));
}

function textParts(content: string): readonly Fields[] {
  return content === "" ? [] : [{ type: "text", content }];
}

function toPart(part: MessagePart): Fields {
  switch (part.type) {
    case "text":
      return {
        type: "text",
        content: part.text,
        ...defined({ annotations: part.annotations }),
        ...part.extra,
      };
    case "reasoning":
    case "refusal":
      return { type: part.type, content: part.text, ...part.extra };
    case "media":
      return toFile(part);
    case "tool_call":
      return {
        type: "tool_call",
        ...defined({
          id: part.id,
          name: part.name,
          arguments: part.arguments ?? part.invalidArguments,
        }),
        ...part.extra,
      };
    case "tool_result":
      return toAnswer(part);
    case "data":
      return isTyped(part.value) ? part.value : { type: "data", value: part.value };
  }
}

function toFile({
  kind,
  mediaType,
  data,
  url,
  fileId,
  type: _,
  extra,
  ...others
}: MediaPart): Fields {
  const facts = { modality: kind, ...defined({ mime_type: mediaType }), ...others, ...extra };
  if (data !== undefined) return { type: "blob", content: data, ...facts };
  if (url !== undefined) return { type: "uri", uri: url, ...facts };
  return { type: "file", ...defined({ file_id: fileId }), ...facts };
}

function toAnswer({ id, name, content, isError, artifact, extra }: ToolResultPart): Fields {
  return {
    type: "tool_call_response",
    ...defined({ id, name, is_error: isError, artifact }),
    response: typeof content === "string" ? content : answerOf(content),
    ...extra,
  };
}

/** A value that is neither text nor parts is one part of data. */
function answerOf(content: readonly MessagePart[]): unknown {
  const [only] = content;
  return content.length === 1 && only?.type === "data" ? only.value : content.map(toPart);
}

function isTyped(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && "type" in value;
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
