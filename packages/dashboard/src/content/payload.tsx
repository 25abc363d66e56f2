import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Segmented } from "../components/segmented.tsx";
import { findMessages } from "./chat-messages.ts";
import { ChatView } from "./chat-view.tsx";
import { JsonTree } from "./json-tree.tsx";
import { Markdown } from "./markdown.tsx";

const VIEWS = [
  { value: "rendered", label: "Rendered" },
  { value: "json", label: "JSON" },
] as const;

/** An input or output: as chat or text where it is one, and always as JSON. */
export function Payload({
  title,
  value,
}: {
  title: string;
  value: JsonValue | undefined;
}): JSX.Element {
  const [view, setView] = useState<"rendered" | "json">("rendered");
  const messages = useMemo(() => findMessages(value), [value]);
  const canRender = messages !== undefined || typeof value === "string";
  return (
    <section class="payload">
      <div class="section-title">
        <h3>{title}</h3>
        {canRender ? (
          <Segmented label={`${title} as`} choices={VIEWS} value={view} onChange={setView} />
        ) : null}
      </div>
      {value === undefined ? (
        <p class="muted">None recorded.</p>
      ) : view === "json" || !canRender ? (
        <JsonTree value={value} label={title.toLowerCase()} />
      ) : messages === undefined ? (
        <Markdown text={String(value)} />
      ) : (
        <ChatView messages={messages} />
      )}
    </section>
  );
}
