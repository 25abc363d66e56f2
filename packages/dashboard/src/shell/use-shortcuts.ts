import { useEffect } from "preact/hooks";
import { type KeybindingsMap, tinykeys } from "tinykeys";
import { navigate } from "../routing/hash-location.ts";
import { SCOPED_PAGES, type Scope, type ScopedPage, scopedPath } from "../routing/scope.ts";
import { overlay } from "./overlay.ts";
import { PLACES } from "./shortcuts.ts";

/** The keys that work on every page: none of them while somebody types, or while a dialog is open. */
export function useShortcuts(scope: Scope): void {
  const { experimentId } = scope;
  useEffect(() => {
    const everywhere = tinykeys(window, { "$mod+k": openPalette }, { ignore: () => false });
    const onPages = tinykeys(window, keysOfPages({ experimentId }), { ignore: isTaken });
    return () => {
      everywhere();
      onPages();
    };
  }, [experimentId]);
}

function openPalette(event: KeyboardEvent): void {
  event.preventDefault();
  if (overlay.get() !== undefined || document.querySelector("dialog[open]") === null) {
    overlay.set(overlay.get() === "palette" ? undefined : "palette");
  }
}

function keysOfPages(scope: Scope): KeybindingsMap {
  const places = PLACES.map(([letter, , place]): [string, () => void] => [
    `g ${letter}`,
    () => navigate(isScoped(place) ? scopedPath(place, scope) : place),
  ]);
  return {
    ...Object.fromEntries(places),
    "[Shift]+?": () => overlay.set("shortcuts"),
    "[Shift]+/": focusSearch,
    "[": () => follow("prev"),
    "]": () => follow("next"),
  };
}

function isScoped(place: string): place is ScopedPage {
  return SCOPED_PAGES.some((page) => page === place);
}

const TYPED_INTO =
  "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/** Whether the key belongs to what has the focus, or to a dialog over the page. */
function isTaken({ target }: KeyboardEvent): boolean {
  return (
    document.querySelector("dialog[open]") !== null ||
    (target instanceof Element && target.closest(TYPED_INTO) !== null)
  );
}

/** The field that narrows what the page shows. */
function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLElement>(
    "main [role=combobox], main [type=search], main .search-box input",
  );
  if (field === null) return;
  event.preventDefault();
  field.focus();
}

/** Pages mark what comes before and behind them with `rel`; in a side panel that is the row before and behind. */
function follow(rel: "prev" | "next"): void {
  document.querySelector<HTMLElement>(`main [rel=${rel}], main [data-step=${rel}]`)?.click();
}
