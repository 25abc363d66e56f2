import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { type Action, useAction } from "../api/use-action.ts";
import { FormModal } from "./form-modal.tsx";
import { notify } from "./toasts.tsx";

export interface ConfirmDialogProps {
  /** A question, such as `Delete the prompt greet?` */
  readonly title: string;
  /** What the button says: the verb of the question. */
  readonly verb: string;
  /** What will be lost, and what depends on it. */
  readonly children: ComponentChildren;
  /** A name that has to be typed first, where much would be lost for good. */
  readonly typed?: string;
  readonly work: () => Promise<unknown>;
  /** Said once it is done. */
  readonly done: string;
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

/** Asks before something is lost for good, and names what. What can be undone is done at once, with a notice. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const { title, verb, children, typed, work, done, onDone, onClose } = props;
  const [text, setText] = useState("");
  const action: Action<undefined> = useAction(async () => {
    await work();
    notify({ text: done });
    onDone?.();
  });
  return (
    <FormModal
      title={title}
      action={action}
      input={() => undefined}
      submitLabel={verb}
      tone="danger"
      isReady={typed === undefined || text === typed}
      onClose={onClose}
    >
      <div class="confirm-text">{children}</div>
      {typed === undefined ? null : (
        <label class="field">
          <span>
            Type <code>{typed}</code> to go on
          </span>
          <input
            class="input"
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      )}
    </FormModal>
  );
}
