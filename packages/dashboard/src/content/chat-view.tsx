import type { JSX } from "preact";
import { Chip } from "../components/chips.tsx";
import type { ShownMessage, ShownPart } from "./chat-messages.ts";
import { JsonTree } from "./json-tree.tsx";
import { Markdown, PlainText } from "./markdown.tsx";

const WORDS: Readonly<Record<ShownMessage["role"], string>> = {
  system: "System",
  user: "User",
  assistant: "Assistant",
  tool: "Tool",
};

/** Chat messages, one below the other. */
export function ChatView({ messages }: { messages: readonly ShownMessage[] }): JSX.Element {
  return (
    <ol class="chat">
      {messages.map((message, index) => (
        <li key={index} class={`message role-${message.role}`}>
          <p class="message-role">
            {WORDS[message.role]}
            {message.name === undefined ? null : <span class="muted"> {message.name}</span>}
          </p>
          {message.parts.length === 0 ? <p class="muted">empty</p> : null}
          {message.parts.map((part, place) => (
            <Part key={place} part={part} />
          ))}
        </li>
      ))}
    </ol>
  );
}

function Part({ part }: { part: ShownPart }): JSX.Element {
  switch (part.kind) {
    case "text":
      return <Markdown text={part.text} />;
    case "reasoning":
      return (
        <details class="reasoning">
          <summary>Reasoning</summary>
          <PlainText text={part.text} />
        </details>
      );
    case "tool-call":
    case "tool-result":
      return <ToolPart part={part} />;
    case "media":
      return part.url === undefined ? (
        <Chip>{part.type || "media"}</Chip>
      ) : (
        <img class="message-image" src={part.url} alt="Part of the message" />
      );
    case "other":
      return <JsonTree value={part.value} label="part" />;
  }
}

function ToolPart({
  part,
}: {
  part: Extract<ShownPart, { kind: "tool-call" | "tool-result" }>;
}): JSX.Element {
  const isCall = part.kind === "tool-call";
  return (
    <div class={`tool-card ${part.kind}`}>
      <p class="tool-title">
        {isCall ? "calls" : "result"} <code>{part.name === "" ? "tool" : part.name}</code>
        {part.id === "" ? null : <span class="muted tool-id">{part.id}</span>}
      </p>
      {typeof part.value === "string" ? (
        <PlainText text={part.value} />
      ) : (
        <JsonTree value={part.value} label={isCall ? "arguments" : "result"} />
      )}
    </div>
  );
}
