import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { createObservable, type Observable, useObservable } from "../api/observable.ts";
import { Icon } from "./icon.tsx";

/** What has just been done. */
export interface Notice {
  /** A whole sentence, such as `Deleted the alias canary.` */
  readonly text: string;
  /** Takes it back. What it throws is shown in its turn. */
  readonly undo?: () => Promise<unknown>;
}

interface Toast extends Notice {
  readonly id: number;
}

/** Time that one can read, and think of taking it back. */
const SHOWN_MS = 10_000;
/** More would cover the page. */
const MOST = 3;

const toasts: Observable<readonly Toast[]> = createObservable<readonly Toast[]>([]);
let lastId = 0;

/** Says what has been done, in a corner of the page and to screen readers, with a button that takes it back. */
export function notify(notice: Notice): void {
  lastId += 1;
  toasts.set([...toasts.get().slice(1 - MOST), { ...notice, id: lastId }]);
}

function dismiss(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

async function takeBack({ id, undo }: Toast): Promise<void> {
  dismiss(id);
  try {
    await undo?.();
    notify({ text: "Undone." });
  } catch (error) {
    notify({ text: `Could not be undone: ${error instanceof Error ? error.message : error}` });
  }
}

/** Where notices are shown. Ctrl or ⌘ with Z takes the last one back, except where one writes. */
export function Toasts(): JSX.Element {
  const shown = useObservable(toasts);
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    // In the top layer, above the dialogs that may be open.
    if (shown.length > 0) region.current?.showPopover();
    else region.current?.hidePopover();
  }, [shown.length > 0]);
  useEffect(() => {
    addEventListener("keydown", onUndoKey);
    return () => removeEventListener("keydown", onUndoKey);
  }, []);
  return (
    <>
      <p class="hidden-text" role="status">
        {announcement(shown.at(-1))}
      </p>
      <section ref={region} class="toasts" popover="manual" aria-label="What has been done">
        <ol>
          {shown.map((toast) => (
            <ToastLine key={toast.id} toast={toast} />
          ))}
        </ol>
      </section>
    </>
  );
}

/** What screen readers say, without the focus being taken away. */
function announcement(toast: Toast | undefined): string {
  if (toast === undefined) return "";
  return toast.undo === undefined ? toast.text : `${toast.text} Control Z takes it back.`;
}

function ToastLine({ toast }: { toast: Toast }): JSX.Element {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      // Stays for as long as somebody points at it, or has come to it with the keyboard.
      if (line.current?.matches(":hover, :focus-within") !== true) dismiss(toast.id);
    }, SHOWN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <li ref={line} class="toast">
      <span>{toast.text}</span>
      {toast.undo === undefined ? null : (
        <button
          type="button"
          class="link-button"
          title="Undo (Ctrl or ⌘ with Z)"
          onClick={() => void takeBack(toast)}
        >
          Undo
        </button>
      )}
      <button type="button" class="icon-button" title="Dismiss" onClick={() => dismiss(toast.id)}>
        <Icon name="cross" />
        <span class="hidden-text">Dismiss</span>
      </button>
    </li>
  );
}

function onUndoKey(event: KeyboardEvent): void {
  const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  const last = toasts.get().findLast(({ undo }) => undo !== undefined);
  if (!isUndo || last === undefined || isWriting(event.target)) return;
  event.preventDefault();
  void takeBack(last);
}

/** Whether the key belongs to a text that is being written. */
function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}
