import { isText } from "./field-reader.ts";
import { base64Size } from "./media.ts";
import type { Message, MessageContent, MessagePart } from "./message.ts";

/** The message without the bytes of its files, which keep their size. A message without any is returned as it is. */
export function leaveOutBytes(message: Message): Message {
  const content = slimContent(message.content);
  return content === message.content ? message : { ...message, content };
}

function slimContent(content: MessageContent): MessageContent {
  if (isText(content)) return content;
  let slim: MessagePart[] | undefined;
  for (const [index, part] of content.entries()) {
    const slimmed = slimPart(part);
    if (slimmed === part) continue;
    slim ??= content.slice();
    slim[index] = slimmed;
  }
  return slim ?? content;
}

function slimPart(part: MessagePart): MessagePart {
  if (part.type === "tool_result") {
    const content = slimContent(part.content);
    return content === part.content ? part : { ...part, content };
  }
  if (part.type !== "media" || part.data === undefined) return part;
  const { data, ...others } = part;
  return { ...others, size: base64Size(data) };
}
