import type { ChatRole, PromptTemplate } from "@rivulet/core";
import type { ComponentChildren, JSX } from "preact";

/** A template as it is written, its variables marked. */
export function TemplateView({ template }: { template: PromptTemplate }): JSX.Element {
  if (typeof template === "string") {
    return <div class="template plain-text">{marked(template)}</div>;
  }
  return (
    <ol class="chat">
      {template.map(({ role, content }, index) => (
        <li key={`${index} ${role}`} class={`message role-${TONES[role]}`}>
          <p class="message-role">{role}</p>
          <div class="plain-text">{marked(content)}</div>
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
