import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { Icon } from "../../components/icon.tsx";
import { ExperimentDialog } from "./experiment-dialog.tsx";

/** Makes an experiment. */
export function NewExperimentButton(): JSX.Element | null {
  const canWrite = useCan("write");
  const [isOpen, setOpen] = useState(false);
  if (!canWrite) return null;
  return (
    <>
      <button type="button" class="button button-primary" onClick={() => setOpen(true)}>
        <Icon name="plus" />
        New experiment
      </button>
      {isOpen ? <ExperimentDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
