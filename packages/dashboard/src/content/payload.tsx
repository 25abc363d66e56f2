import type { JsonObject, JsonValue } from "@rivulet/core";
import { readConversation } from "@rivulet/domain/messages";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Segmented } from "../components/segmented.tsx";
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
  const rendered = useMemo(() => render(value), [value]);
  return (
    <section class="payload">
      <div class="section-title">
        <h3>{title}</h3>
        {rendered === undefined ? null : (
          <Segmented label={`${title} as`} choices={VIEWS} value={view} onChange={setView} />
        )}
      </div>
      {value === undefined ? (
        <p class="muted">None recorded.</p>
      ) : view === "json" || rendered === undefined ? (
        <JsonTree value={value} label={title.toLowerCase()} />
      ) : (
        rendered
      )}
    </section>
  );
}

/** What a request, an answer or an app's state has beside its messages: named, and there when it is asked for. */
function Beside({ fields }: { fields: JsonObject }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="reasoning" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Beside the messages: {Object.keys(fields).join(", ")}</summary>
      {isOpen ? <JsonTree value={fields} label="what is beside the messages" /> : null}
    </details>
  );
}

/** Chat, text, or the only text in an object; `undefined` for what is best read as JSON. */
function render(value: JsonValue | undefined): JSX.Element | undefined {
  const talk = readConversation(value);
  if (talk !== undefined) {
    return (
      <>
        <ChatView messages={talk.messages} />
        {talk.beside === undefined ? null : <Beside fields={talk.beside} />}
      </>
    );
  }
  if (typeof value === "string") return <Markdown text={value} />;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [only, ...others] = Object.entries(value);
  if (only === undefined || others.length > 0 || typeof only[1] !== "string") return undefined;
  return (
    <div class="sole-text">
      <p class="muted">{only[0]}</p>
      <Markdown text={only[1]} />
    </div>
  );
}
