import type { View } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { TextField } from "../../components/text-field.tsx";
import { notify } from "../../components/toasts.tsx";
import { changeView, saveView, type ViewPlace } from "../../questions/views.ts";
import { setQueryState } from "../../routing/query-state.ts";

/** Names a view: a new one of the list as it is arranged now, or one that is there. */
export function ViewDialog({
  place,
  view,
  query,
  onClose,
}: {
  place: ViewPlace;
  /** The view that is renamed; `undefined` for a new one. */
  view: View | undefined;
  query: string;
  onClose: () => void;
}): JSX.Element {
  const [name, setName] = useState(view?.name ?? "");
  const action = useAction(async (given: string) => {
    if (view !== undefined) return changeView(view, { name: given });
    const { id } = await saveView(place, { name: given, query });
    setQueryState({ view: id });
    notify({ text: `Saved the view ${given}. Its link is in the address bar.` });
  });
  return (
    <FormModal
      title={view === undefined ? "Save as a view" : `Rename ${view.name}`}
      action={action}
      input={() => name}
      onClose={onClose}
    >
      <TextField label="Name" required maxLength={250} value={name} onText={setName} />
    </FormModal>
  );
}
