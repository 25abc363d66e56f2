import type { ChatRole, PromptTemplate } from "@rivulet/core";
import type { ComponentChildren, JSX } from "preact";
import { messageText } from "./version-text.ts";

/** A template as it is written, its variables marked. */
export function TemplateView({ template }: { template: PromptTemplate }): JSX.Element {
  if (typeof template === "string") {
    return <div class="template plain-text">{marked(template)}</div>;
  }
  return (
    <ol class="chat">
      {template.map((message, index) => (
        <li key={`${index} ${message.role}`} class={`message role-${TONES[message.role]}`}>
          <p class="message-role">{message.role}</p>
          <div class="plain-text">{marked(messageText(message))}</div>
        </li>
      ))}
    </ol>
  );
}

const TONES: Readonly<Record<ChatRole, string>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool",
  placeholder: "tool",
};

function marked(text: string): ComponentChildren {
  return text
    .split(/(\{\{\s*[^{}]+?\s*\}\})/)
    .map((part, index) => (index % 2 === 1 ? <mark key={`${index} ${part}`}>{part}</mark> : part));
}
