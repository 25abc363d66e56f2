import type { ChatRole } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import { Icon } from "../../components/icon.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { type Draft, type DraftMessage, variablesOf } from "./draft.ts";

const TYPES = [
  { value: "text", label: "Text" },
  { value: "chat", label: "Chat" },
] as const;

const ROLES: readonly ChatRole[] = [
  "system",
  "developer",
  "user",
  "assistant",
  "tool",
  "placeholder",
];

/** The fields of a version that is being written. */
export function DraftFields({
  draft,
  onChange,
}: {
  draft: Draft;
  onChange: (draft: Draft) => void;
}): JSX.Element {
  const set = (change: Partial<Draft>): void => onChange({ ...draft, ...change });
  return (
    <>
      <Segmented
        label="Kind of template"
        choices={TYPES}
        value={draft.type}
        onChange={(type) => set({ type })}
      />
      {draft.type === "text" ? (
        <label class="field">
          Template
          <textarea
            class="code-field"
            rows={12}
            required
            spellcheck={false}
            value={draft.text}
            onInput={(event) => set({ text: event.currentTarget.value })}
          />
        </label>
      ) : (
        <MessageFields messages={draft.messages} onChange={(messages) => set({ messages })} />
      )}
      <Variables draft={draft} />
      <label class="field">
        Config: model and settings, as JSON
        <textarea
          class="code-field"
          rows={4}
          spellcheck={false}
          placeholder={'{ "model": "gpt-4o-mini", "temperature": 0 }'}
          value={draft.config}
          onInput={(event) => set({ config: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        What changed
        <input
          class="input"
          maxLength={5_000}
          value={draft.commitMessage}
          onInput={(event) => set({ commitMessage: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

function Variables({ draft }: { draft: Draft }): JSX.Element {
  const variables = variablesOf(draft);
  return (
    <p class="labelled" aria-live="polite">
      <span class="muted">Variables</span>{" "}
      {variables.length === 0 ? (
        <span class="muted">none: write {"{{name}}"} where a value goes</span>
      ) : (
        variables.map((name) => <Chip key={name}>{name}</Chip>)
      )}
    </p>
  );
}

function MessageFields({
  messages,
  onChange,
}: {
  messages: readonly DraftMessage[];
  onChange: (messages: readonly DraftMessage[]) => void;
}): JSX.Element {
  const move = (index: number, by: 1 | -1): void => {
    const message = messages[index];
    if (message !== undefined) {
      onChange(messages.toSpliced(index, 1).toSpliced(index + by, 0, message));
    }
  };
  return (
    <fieldset class="message-fields">
      <legend>Messages</legend>
      {messages.map((message, index) => (
        <MessageField
          key={index}
          place={index + 1}
          count={messages.length}
          message={message}
          onChange={(next) => onChange(messages.with(index, next))}
          onMove={(by) => move(index, by)}
          onRemove={() => onChange(messages.toSpliced(index, 1))}
        />
      ))}
      <button
        type="button"
        class="button"
        onClick={() => onChange([...messages, { role: "user", text: "", isJson: false }])}
      >
        <Icon name="plus" />
        Add message
      </button>
    </fieldset>
  );
}

function MessageField({
  place,
  count,
  message,
  onChange,
  onMove,
  onRemove,
}: {
  /** From 1. */
  place: number;
  count: number;
  message: DraftMessage;
  onChange: (message: DraftMessage) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}): JSX.Element {
  return (
    <div class="message-field">
      <div class="message-head">
        <select
          aria-label={`Role of message ${place}`}
          value={message.role}
          onChange={(event) =>
            onChange({ ...message, role: event.currentTarget.value as ChatRole })
          }
        >
          {ROLES.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </select>
        {message.isJson ? <span class="muted">as JSON</span> : null}
        <span class="actions at-end">
          <MessageButton
            label={`Move message ${place} up`}
            icon="chevron-up"
            isOff={place === 1}
            onClick={() => onMove(-1)}
          />
          <MessageButton
            label={`Move message ${place} down`}
            icon="chevron-down"
            isOff={place === count}
            onClick={() => onMove(1)}
          />
          <MessageButton
            label={`Remove message ${place}`}
            icon="cross"
            isOff={count === 1}
            onClick={onRemove}
          />
        </span>
      </div>
      <textarea
        class="code-field"
        aria-label={`Text of message ${place}`}
        rows={Math.min(14, Math.max(3, message.text.split("\n").length + 1))}
        spellcheck={false}
        value={message.text}
        onInput={(event) => onChange({ ...message, text: event.currentTarget.value })}
      />
    </div>
  );
}

function MessageButton({
  label,
  icon,
  isOff,
  onClick,
}: {
  label: string;
  icon: "chevron-up" | "chevron-down" | "cross";
  isOff: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" class="icon-button" title={label} disabled={isOff} onClick={onClick}>
      <Icon name={icon} />
      <span class="hidden-text">{label}</span>
    </button>
  );
}
