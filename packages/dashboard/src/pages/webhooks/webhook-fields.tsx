import type { WebhookEvent } from "@rivulet/core";
import type { JSX } from "preact";
import { TextField } from "../../components/text-field.tsx";
import { EVENTS } from "./webhook-events.ts";

/** What a form of a webhook holds. */
export interface WebhookDraft {
  readonly name: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly WebhookEvent[];
}

/** The fields of a webhook that can be changed. */
export function WebhookFields({
  draft,
  onChange,
}: {
  draft: WebhookDraft;
  onChange: (draft: WebhookDraft) => void;
}): JSX.Element {
  const set = (change: Partial<WebhookDraft>): void => onChange({ ...draft, ...change });
  const toggle = (event: WebhookEvent): void =>
    set({
      events: draft.events.includes(event)
        ? draft.events.filter((one) => one !== event)
        : [...draft.events, event],
    });
  return (
    <>
      <TextField
        label="Name"
        required
        maxLength={250}
        value={draft.name}
        onText={(name) => set({ name })}
      />
      <TextField
        label="Address: https, and no private network unless the app allows it"
        required
        maxLength={2_000}
        type="url"
        placeholder="https://example.org/hooks/models"
        value={draft.url}
        onText={(url) => set({ url })}
      />
      <TextField
        label="Description (optional)"
        rows={2}
        maxLength={5_000}
        value={draft.description}
        onText={(description) => set({ description })}
      />
      <div class="columns">
        {EVENTS.map(([title, events]) => (
          <fieldset key={title} class="ticks">
            <legend>{title}</legend>
            {events.map(([event, words]) => (
              <label key={event} class="tick">
                <input
                  type="checkbox"
                  checked={draft.events.includes(event)}
                  onChange={() => toggle(event)}
                />
                {words}
              </label>
            ))}
          </fieldset>
        ))}
      </div>
    </>
  );
}

/** Whether it can be saved. */
export function isComplete({ name, url, events }: WebhookDraft): boolean {
  return name.trim() !== "" && url.trim() !== "" && events.length > 0;
}

/** As the API takes it. */
export function trimmed({ name, url, ...draft }: WebhookDraft): WebhookDraft {
  return { ...draft, name: name.trim(), url: url.trim() };
}
