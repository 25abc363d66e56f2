import type { Webhook } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { FormModal } from "../../components/form-modal.tsx";
import { Modal } from "../../components/modal.tsx";
import { notify } from "../../components/toasts.tsx";
import { createWebhook, updateWebhook } from "../../questions/webhooks.ts";
import { paths } from "../../routing/paths.ts";
import { isComplete, trimmed, type WebhookDraft, WebhookFields } from "./webhook-fields.tsx";

const NOTHING: WebhookDraft = { name: "", url: "", description: "", events: [] };

/** Makes a webhook. Its secret is made here, and shown this once. */
export function NewWebhookDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const [draft, setDraft] = useState(NOTHING);
  const [isSigned, setSigned] = useState(true);
  const [made, setMade] = useState<{ readonly webhook: Webhook; readonly secret: string }>();
  const action = useAction(async () => {
    const secret = isSigned ? newSecret() : "";
    const webhook = await createWebhook({ ...trimmed(draft), ...(isSigned && { secret }) });
    if (isSigned) return setMade({ webhook, secret });
    location.hash = paths.webhook(webhook.id);
  });
  if (made !== undefined) return <SecretDialog {...made} />;
  return (
    <FormModal
      title="New webhook"
      action={action}
      input={() => undefined}
      submitLabel="Create"
      isReady={isComplete(draft)}
      staysOpen={isSigned}
      onClose={onClose}
    >
      <WebhookFields draft={draft} onChange={setDraft} />
      <label class="tick">
        <input
          type="checkbox"
          checked={isSigned}
          onChange={(event) => setSigned(event.currentTarget.checked)}
        />
        Sign deliveries with a secret, which is shown once
      </label>
    </FormModal>
  );
}

/** Closing it leads to the webhook: the list behind it is done with. */
function SecretDialog({
  webhook: { id, name },
  secret,
}: {
  webhook: Webhook;
  secret: string;
}): JSX.Element {
  const leave = (): void => {
    location.hash = paths.webhook(id);
  };
  return (
    <Modal title={`The secret of ${name}`} onClose={leave}>
      <p>
        It signs every delivery, and the receiver needs it to check them. It is not shown again.
      </p>
      <div class="copied-code">
        <pre class="code-line">
          <code>{secret}</code>
        </pre>
        <CopyButton text={secret} label="Copy the secret" />
      </div>
      <div class="modal-actions">
        <button type="button" class="button button-primary" onClick={leave}>
          Done
        </button>
      </div>
    </Modal>
  );
}

/** 256 random bits. */
function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Changes a webhook; its secret stays. */
export function EditWebhookDialog({
  webhook,
  onClose,
}: {
  webhook: Webhook;
  onClose: () => void;
}): JSX.Element {
  const [draft, setDraft] = useState<WebhookDraft>(webhook);
  const action = useAction(async () => {
    const { name, url, description, events } = trimmed(draft);
    const patch = { name, url, description, events, expected: webhook.updatedAt };
    await updateWebhook(webhook.id, patch);
    notify({ text: `Changed ${name}.` });
  });
  return (
    <FormModal
      title={`Edit ${webhook.name}`}
      action={action}
      input={() => undefined}
      isReady={isComplete(draft)}
      size="wide"
      onClose={onClose}
    >
      <WebhookFields draft={draft} onChange={setDraft} />
    </FormModal>
  );
}
