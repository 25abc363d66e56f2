import type { ChatMessage, PromptVersion } from "@rivulet/core";

/** A version as one text, for comparing. */
export function versionText({
  template,
  config,
}: Pick<PromptVersion, "template" | "config">): string {
  const body =
    typeof template === "string"
      ? template
      : template.map((message) => `[${message.role}]\n${messageText(message)}`).join("\n\n");
  const hasConfig = Object.keys(config).length > 0;
  return hasConfig ? `${body}\n\n[config]\n${JSON.stringify(config, null, 2)}\n` : `${body}\n`;
}

/** The content of a message; as JSON with what else it has, where it is more than a text. */
export function messageText({ role: _, content, ...rest }: ChatMessage): string {
  const isText = typeof content === "string" && Object.keys(rest).length === 0;
  return isText ? content : JSON.stringify({ content, ...rest }, null, 2);
}
