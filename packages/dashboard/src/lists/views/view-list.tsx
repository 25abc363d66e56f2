import type { View } from "@rivulet/core";
import type { JSX } from "preact";
import { useLocation } from "wouter-preact";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { Icon } from "../../components/icon.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { notify } from "../../components/toasts.tsx";
import { changeView, deleteView, getView, saveView } from "../../questions/views.ts";

/** The views there are, each a link that can be shared, and what can be done to them. */
export function ViewList({
  views,
  current,
  query,
  onClose,
  onName,
}: {
  views: readonly View[];
  /** The view that was picked last. */
  current: View | undefined;
  /** The list as it is arranged now. */
  query: string;
  onClose: () => void;
  /** Asks for a name: a new one for a view, or that of a new view. */
  onName: (view: View | "new") => void;
}): JSX.Element {
  const [path] = useLocation();
  const canWrite = useCan("write");
  const save = useAction(async (view: View) => {
    await changeView(view, { query });
    notify({ text: `Saved the view ${view.name}.`, undo: () => restoreQuery(view) });
    onClose();
  });
  return (
    <>
      {views.length === 0 ? <p class="muted">No saved views yet.</p> : null}
      <ul class="menu-list">
        {views.map((view) => (
          <li key={view.id} class="view-line">
            <a
              href={`#${path}?${withId(view)}`}
              aria-current={view.id === current?.id ? "true" : undefined}
              onClick={onClose}
            >
              {view.name}
            </a>
            {canWrite ? <ViewButtons view={view} onName={onName} /> : null}
          </li>
        ))}
      </ul>
      {canWrite ? (
        <div class="actions">
          {current === undefined || current.query === query ? null : (
            <button type="button" class="button" onClick={() => void save.run(current)}>
              Save changes
            </button>
          )}
          <button type="button" class="button" onClick={() => onName("new")}>
            <Icon name="plus" />
            Save as a view
          </button>
        </div>
      ) : null}
      {save.error === null ? null : <ErrorNotice error={save.error} />}
    </>
  );
}

function ViewButtons({ view, onName }: { view: View; onName: (view: View) => void }): JSX.Element {
  const remove = useAction(async () => {
    await deleteView(view.id);
    notify({
      text: `Deleted the view ${view.name}.`,
      undo: () =>
        saveView(
          { page: view.page, experimentId: view.experimentId },
          { name: view.name, query: view.query },
        ),
    });
  });
  return (
    <>
      <button
        type="button"
        class="icon-button"
        title={`Rename ${view.name}`}
        onClick={() => onName(view)}
      >
        <Icon name="pencil" />
        <span class="hidden-text">Rename {view.name}</span>
      </button>
      <button
        type="button"
        class="icon-button"
        title={`Delete ${view.name}`}
        disabled={remove.isRunning}
        onClick={() => void remove.run(undefined)}
      >
        <Icon name="trash" />
        <span class="hidden-text">Delete {view.name}</span>
      </button>
    </>
  );
}

/** The query of a view, which says in the URL which view it is. */
function withId({ id, query }: View): string {
  const params = new URLSearchParams(query);
  params.set("view", id);
  return params.toString();
}

/** Gives a view back the query that it had. */
async function restoreQuery(view: View): Promise<void> {
  await changeView(await getView(view.id), { query: view.query });
}
