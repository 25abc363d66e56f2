import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { Icon } from "../../components/icon.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import type { PromptEditorProps } from "./prompt-editor.tsx";

const PromptEditor: FunctionComponent<PromptEditorProps> = lazyComponent(
  async () => (await import("./prompt-editor.tsx")).PromptEditor,
);

/** Writes the first version of a prompt. */
export function NewPromptButton(): JSX.Element | null {
  const canWrite = useCan("write");
  const [isOpen, setOpen] = useState(false);
  if (!canWrite) return null;
  return (
    <>
      <button type="button" class="button button-primary" onClick={() => setOpen(true)}>
        <Icon name="plus" />
        New prompt
      </button>
      {isOpen ? <PromptEditor latest={0} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
