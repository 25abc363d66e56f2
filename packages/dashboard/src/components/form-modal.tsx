import type { ComponentChildren, JSX } from "preact";
import type { Action } from "../api/use-action.ts";
import { Modal } from "./modal.tsx";
import { ErrorNotice } from "./notices.tsx";

/** A dialog with a form: it closes once what was entered is saved, and shows why it could not be. */
export function FormModal<Input>({
  title,
  action,
  input,
  submitLabel = "Save",
  tone = "primary",
  isReady = true,
  size,
  staysOpen = false,
  onClose,
  children,
}: {
  title: string;
  action: Action<Input>;
  /** What the form holds when it is submitted. */
  input: () => Input;
  /** @default 'Save' */
  submitLabel?: ComponentChildren;
  /** `danger` where something will be lost. @default 'primary' */
  tone?: "primary" | "danger";
  /** Whether it can be submitted. @default true */
  isReady?: boolean;
  size?: "wide" | undefined;
  /** The action closes it itself, when it is over. @default false */
  staysOpen?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const save = async (): Promise<void> => {
    if ((await action.run(input())) && !staysOpen) onClose();
  };
  return (
    <Modal title={title} class={size === "wide" ? "modal-wide" : ""} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {children}
        {action.error === null ? null : <ErrorNotice error={action.error} />}
        <div class="modal-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={`button button-${tone}`}
            disabled={action.isRunning || !isReady}
          >
            {submitLabel}
          </button>
        </div>
      </form>
    </Modal>
  );
}
