import type {
  JsonObject,
  JsonValue,
  Message,
  MessageContent,
  MessagePart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "@rivulet/domain/messages";
import type { JSX } from "preact";
import { lookUp } from "../format/look-up.ts";
import { JsonTree } from "./json-tree.tsx";
import { Markdown, PlainText } from "./markdown.tsx";
import { MediaView } from "./media-view.tsx";

/** Names of roles, and the classes of those that look alike. */
const ROLES: Readonly<Record<string, readonly [name: string, tone: string]>> = {
  system: ["System", "system"],
  developer: ["System", "system"],
  user: ["User", "user"],
  assistant: ["Assistant", "assistant"],
  tool: ["Tool", "tool"],
};

/** Chat messages, one below the other. */
export function ChatView({ messages }: { messages: readonly Message[] }): JSX.Element {
  return (
    <ol class="chat">
      {messages.map((message, index) => (
        <MessageView key={index} message={message} />
      ))}
    </ol>
  );
}

function MessageView({ message }: { message: Message }): JSX.Element {
  const { role, name, content } = message;
  const [word, tone] = lookUp(ROLES, role) ?? [role, "tool"];
  const extras = extrasOf(message);
  return (
    <li class={`message role-${tone}`}>
      <p class="message-role">
        {word}
        {name === undefined ? null : <span class="muted"> {name}</span>}
      </p>
      {content.length === 0 ? <p class="muted">empty</p> : <Content content={content} />}
      {extras.length === 0 ? null : (
        <details class="reasoning">
          <summary>More</summary>
          <JsonTree value={extras.length === 1 ? (extras[0] ?? null) : extras} label="more" />
        </details>
      )}
    </li>
  );
}

/** What has no place of its own: of the message and of its parts. */
function extrasOf({ extra, content }: Message): readonly JsonObject[] {
  const parts = typeof content === "string" ? [] : content;
  return [extra, ...parts.map((part) => (part.type === "data" ? undefined : part.extra))].filter(
    (fields) => fields !== undefined,
  );
}

function Content({ content }: { content: MessageContent }): JSX.Element {
  if (typeof content === "string") return <Markdown text={content} />;
  return (
    <>
      {content.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </>
  );
}

function Part({ part }: { part: MessagePart }): JSX.Element {
  switch (part.type) {
    case "text":
      return <TextView part={part} />;
    case "reasoning":
      return (
        <details class="reasoning">
          <summary>Reasoning</summary>
          <PlainText text={part.text} />
        </details>
      );
    case "media":
      return <MediaView media={part} />;
    case "tool_call":
      return <ToolCall part={part} />;
    case "tool_result":
      return <ToolResult part={part} />;
    case "refusal":
      return (
        <div class="tool-card">
          <p class="tool-title">refuses</p>
          <PlainText text={part.text} />
        </div>
      );
    case "data":
      return <JsonTree value={part.value} label="part" />;
  }
}

function TextView({ part: { text, annotations } }: { part: TextPart }): JSX.Element {
  return (
    <>
      <Markdown text={text} />
      {annotations === undefined ? null : (
        <details class="reasoning">
          <summary>
            {annotations.length === 1 ? "1 source" : `${annotations.length} sources`}
          </summary>
          <JsonTree value={annotations} label="sources" />
        </details>
      )}
    </>
  );
}

function ToolCall({ part }: { part: ToolCallPart }): JSX.Element {
  const { name, id, arguments: given, invalidArguments } = part;
  return (
    <div class="tool-card tool-call">
      <ToolTitle verb="calls" name={name} id={id} />
      {invalidArguments === undefined ? null : (
        <>
          <p class="bad">The arguments are no JSON:</p>
          <PlainText text={invalidArguments} />
        </>
      )}
      {given === undefined ? null : <Value value={given} label="arguments" />}
    </div>
  );
}

function ToolResult({ part }: { part: ToolResultPart }): JSX.Element {
  const { name, id, content, isError, artifact } = part;
  return (
    <div class="tool-card tool-result">
      <ToolTitle verb={isError === true ? "failed" : "result"} name={name} id={id} />
      {typeof content === "string" ? (
        <Value value={parsed(content)} label="result" />
      ) : (
        <Content content={content} />
      )}
      {artifact === undefined ? null : (
        <details class="reasoning">
          <summary>Artifact</summary>
          <JsonTree value={artifact} label="artifact" />
        </details>
      )}
    </div>
  );
}

function ToolTitle({
  verb,
  name,
  id,
}: {
  verb: string;
  name: string | undefined;
  id: string | undefined;
}): JSX.Element {
  return (
    <p class="tool-title">
      {verb} <code>{name || "tool"}</code>
      {id ? <span class="muted tool-id">{id}</span> : null}
    </p>
  );
}

function Value({ value, label }: { value: JsonValue; label: string }): JSX.Element {
  return typeof value === "string" ? (
    <PlainText text={value} />
  ) : (
    <JsonTree value={value} label={label} />
  );
}

/** What tools answer is often JSON in a string. */
function parsed(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
