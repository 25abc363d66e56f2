/**
 * Lets whatever stands for a column in `container` be dragged to the place of another, by the browser's own dragging:
 * a library for it was as large as a page of the dashboard. Gives the way to stop that.
 */
export function letColumnsBeDragged(
  container: HTMLElement,
  onMove: (key: string, toPlaceOf: string) => void,
): () => void {
  const elements = [...container.querySelectorAll<HTMLElement>("[data-column]")];
  const end = new AbortController();
  const listen = (
    name: "dragstart" | "dragover" | "dragend" | "drop",
    act: (event: DragEvent) => void,
  ): void => container.addEventListener(name, act, { signal: end.signal });
  let moved: HTMLElement | undefined;
  const mark = (over: HTMLElement | undefined): void => {
    for (const one of elements) one.toggleAttribute("data-over", one === over && one !== moved);
  };
  for (const element of elements) element.draggable = true;
  listen("dragstart", (event) => {
    const isEdge = atPointer(event)?.closest(".column-edge") !== null;
    if (isEdge) return event.preventDefault();
    moved = columnOf(event);
    // Firefox drags nothing that has no data.
    event.dataTransfer?.setData("text/plain", keyOf(moved));
  });
  listen("dragover", (event) => {
    const over = columnOf(event);
    if (moved === undefined || over === undefined) return;
    // It can be dropped here.
    event.preventDefault();
    mark(over);
  });
  listen("dragend", () => {
    moved = undefined;
    mark(undefined);
  });
  listen("drop", (event) => {
    const over = columnOf(event);
    if (moved === undefined || over === undefined) return;
    event.preventDefault();
    if (over !== moved) onMove(keyOf(moved), keyOf(over));
  });
  container.dataset["canDrag"] = "yes";
  return () => {
    end.abort();
    for (const element of elements) element.draggable = false;
  };
}

function columnOf({ target }: DragEvent): HTMLElement | undefined {
  return (target as Element).closest<HTMLElement>("[data-column]") ?? undefined;
}

function keyOf(element: HTMLElement | undefined): string {
  return element?.dataset["column"] ?? "";
}

function atPointer({ clientX, clientY }: DragEvent): Element | null {
  return document.elementFromPoint(clientX, clientY);
}
