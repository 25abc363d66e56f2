import type { JSX, RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../components/icon.tsx";
import { EmptyState } from "../components/notices.tsx";
import { fromList } from "./from-list.ts";
import type { ListSpec } from "./list-spec.ts";

/**
 * One row of a list beside it, or over it where there is little room: J and K go to the next and the one before, Escape
 * closes, Enter opens the full page.
 */
export function RowPanel<Row extends object>({
  spec,
  rows,
  open,
  onOpen,
  onClose,
}: {
  spec: ListSpec<Row>;
  rows: readonly Row[];
  /** Key of the row that is shown. */
  open: string;
  onOpen: (key: string) => void;
  onClose: () => void;
}): JSX.Element {
  const panel = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isNew = useRef(true);
  const id = useId();
  useBeside(panel);
  const index = rows.findIndex((row) => spec.keyOf(row) === open);
  const row = rows[index];
  const step = (by: 1 | -1): void => {
    const next = rows[index + by];
    if (next !== undefined) onOpen(spec.keyOf(next));
  };
  useEffect(() => {
    // Who walks through the list with the arrows keeps the focus there.
    const isTheirs = panel.current?.contains(document.activeElement) === true;
    if (isNew.current || isTheirs) heading.current?.focus({ preventScroll: true });
    isNew.current = false;
    panel.current?.scrollTo({ top: 0 });
  }, [open]);
  const onKey = (event: KeyboardEvent): void => {
    if (isElsewhere(event, panel.current)) return;
    if (event.key === "Escape") onClose();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Enter" && row !== undefined && event.target === heading.current)
      location.hash = fromList(spec.hrefOf(row));
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={panel} class="row-panel" aria-labelledby={id} onKeyDown={onKey} onCancel={onClose}>
      <header>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {row === undefined ? spec.noun : spec.nameOf(row)}
        </h2>
        <div class="actions">
          <StepButton
            label="Previous"
            icon="chevron-up"
            isOff={index <= 0}
            onClick={() => step(-1)}
          />
          <StepButton
            label="Next"
            icon="chevron-down"
            isOff={index < 0 || index === rows.length - 1}
            onClick={() => step(1)}
          />
          {row === undefined ? null : (
            <a class="button" href={fromList(spec.hrefOf(row))}>
              Open
            </a>
          )}
          <button type="button" class="icon-button" title="Close" onClick={onClose}>
            <Icon name="cross" />
            <span class="hidden-text">Close</span>
          </button>
        </div>
      </header>
      {row === undefined ? (
        <EmptyState title={`This ${spec.noun} is not in the list as it is filtered now.`} />
      ) : (
        <div key={open} class="row-panel-body">
          {spec.panel?.(row)}
        </div>
      )}
    </dialog>
  );
}

/** Where there is little room the panel covers the page, and the browser keeps the focus in it. */
function useBeside(panel: RefObject<HTMLDialogElement>): void {
  useLayoutEffect(() => {
    const narrow = matchMedia("(width < 900px)");
    const show = (): void => {
      panel.current?.close();
      if (narrow.matches) panel.current?.showModal();
      else panel.current?.setAttribute("open", "");
    };
    show();
    narrow.addEventListener("change", show);
    return () => narrow.removeEventListener("change", show);
  }, []);
}

/** Whether a key belongs to a field, or to a dialog of its own over the panel. */
function isElsewhere(event: KeyboardEvent, panel: HTMLElement | null): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  return target?.closest("dialog") !== panel || target?.closest("input, textarea, select") != null;
}

function StepButton({
  label,
  icon,
  isOff,
  onClick,
}: {
  label: string;
  icon: "chevron-up" | "chevron-down";
  isOff: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" class="icon-button" title={label} disabled={isOff} onClick={onClick}>
      <Icon name={icon} />
      <span class="hidden-text">{label}</span>
    </button>
  );
}
