import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";

/** Lets whatever stands for a column in `container` be dragged to the place of another. Gives the way to stop that. */
export function letColumnsBeDragged(
  container: HTMLElement,
  onMove: (key: string, toPlaceOf: string) => void,
): () => void {
  const elements = [...container.querySelectorAll<HTMLElement>("[data-column]")];
  container.dataset["canDrag"] = "yes";
  return combine(...elements.map((element) => letBeDragged(element, onMove)));
}

function letBeDragged(
  element: HTMLElement,
  onMove: (key: string, toPlaceOf: string) => void,
): () => void {
  const key = element.dataset["column"] ?? "";
  const mark = (isOver: boolean): void => {
    element.toggleAttribute("data-over", isOver);
  };
  return combine(
    draggable({
      element,
      canDrag: ({ input }) =>
        document.elementFromPoint(input.clientX, input.clientY)?.closest(".column-edge") === null,
      getInitialData: () => ({ column: key }),
    }),
    dropTargetForElements({
      element,
      canDrop: ({ source }) => typeof source.data["column"] === "string",
      onDragEnter: () => mark(true),
      onDragLeave: () => mark(false),
      onDrop: ({ source }) => {
        mark(false);
        const moved = String(source.data["column"]);
        if (moved !== key) onMove(moved, key);
      },
    }),
  );
}
