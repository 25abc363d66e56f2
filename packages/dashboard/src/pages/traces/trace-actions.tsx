import type { Trace } from "@rivulet/core";
import { messageOf } from "@rivulet/domain/errors";
import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { useQuery } from "../../api/use-query.ts";
import { Icon } from "../../components/icon.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Menu } from "../../components/menu.tsx";
import { notify } from "../../components/toasts.tsx";
import { setPinned } from "../../questions/store.ts";
import { askPrevious } from "../../questions/traces.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { FeedbackBar } from "./feedback-bar.tsx";

/** What a dialog is about: a trace, and the span of it that is looked at. */
export interface ActingProps {
  readonly trace: Trace;
  /** Id of the span that is looked at; empty at the root. */
  readonly spanId: string;
  readonly onClose: () => void;
}

type DialogName = "annotate" | "dataset" | "tags" | "delete";

/** Their code is loaded when one is opened. */
const DIALOGS: Readonly<Record<DialogName, FunctionComponent<ActingProps>>> = {
  annotate: lazyComponent(async () => (await import("./acting/dialogs.ts")).AnnotateDialog),
  dataset: lazyComponent(async () => (await import("./acting/dialogs.ts")).DatasetDialog),
  tags: lazyComponent(async () => (await import("./acting/dialogs.ts")).TagsDialog),
  delete: lazyComponent(async () => (await import("./acting/dialogs.ts")).DeleteDialog),
};

/** What can be done with a trace. */
export function TraceActions({ trace }: { trace: Trace }): JSX.Element {
  const [dialog, setDialog] = useState<DialogName>();
  const [spanId] = useQueryState("span");
  const canAnnotate = useCan("annotate");
  const canWrite = useCan("write");
  const Dialog = dialog === undefined ? undefined : DIALOGS[dialog];
  return (
    <>
      <FeedbackBar traceId={trace.id} />
      {canAnnotate ? (
        <button type="button" class="button" onClick={() => setDialog("annotate")}>
          Annotate
        </button>
      ) : null}
      {canWrite ? (
        <button type="button" class="button" onClick={() => setDialog("dataset")}>
          <Icon name="datasets" />
          Add to dataset
        </button>
      ) : null}
      <Menu label="More actions" icon="more" isIconOnly>
        {(close) => (
          <MoreActions
            trace={trace}
            onDialog={(name) => {
              close();
              setDialog(name);
            }}
            onDone={close}
            canWrite={canWrite}
          />
        )}
      </Menu>
      {Dialog === undefined ? null : (
        <Dialog trace={trace} spanId={spanId} onClose={() => setDialog(undefined)} />
      )}
    </>
  );
}

function MoreActions({
  trace,
  onDialog,
  onDone,
  canWrite,
}: {
  trace: Trace;
  onDialog: (name: DialogName) => void;
  onDone: () => void;
  canWrite: boolean;
}): JSX.Element {
  return (
    <ul class="menu-list">
      <li>
        <button
          type="button"
          onClick={() => {
            onDone();
            void copyLink();
          }}
        >
          <Icon name="link" />
          Copy link
        </button>
      </li>
      <ComparePrevious trace={trace} />
      <li>
        <button type="button" onClick={() => globalThis.print()}>
          <Icon name="table" />
          Print
        </button>
      </li>
      {canWrite ? (
        <>
          <li>
            <button
              type="button"
              onClick={() => {
                onDone();
                void pin(trace);
              }}
            >
              <Icon name="pin" />
              {trace.pinned === true ? "Unpin" : "Pin"}
            </button>
          </li>
          <li>
            <button type="button" onClick={() => onDialog("tags")}>
              <Icon name="columns" />
              Edit tags
            </button>
          </li>
          <li>
            <button type="button" class="tone-bad" onClick={() => onDialog("delete")}>
              <Icon name="cross" />
              Delete
            </button>
          </li>
        </>
      ) : null}
    </ul>
  );
}

/** Compares with the last trace of the same name before this one, where there is one. */
function ComparePrevious({ trace }: { trace: Trace }): JSX.Element | null {
  const previous = useQuery(askPrevious(trace)).data?.items[0];
  if (previous === undefined) return null;
  return (
    <li>
      <a href={paths.compareTraces(previous.id, trace.id)}>
        <Icon name="curve" />
        Compare with the previous of this name
      </a>
    </li>
  );
}

/** Keeps a trace whatever its age; one that is kept is kept no longer. */
async function pin({ id, name, pinned: isPinned }: Trace): Promise<void> {
  const pinned = isPinned === true;
  try {
    await setPinned(id, !pinned);
    const text = pinned ? `Unpinned ${name}.` : `Pinned ${name}: it stays, whatever its age.`;
    notify({ text, undo: () => setPinned(id, pinned) });
  } catch (error) {
    notify({ text: messageOf(error) });
  }
}

/** The page with the span and everything else that its address says. */
async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    notify({ text: "Copied the link." });
  } catch {
    notify({ text: "The browser lets nothing be copied; the link is in its address bar." });
  }
}
