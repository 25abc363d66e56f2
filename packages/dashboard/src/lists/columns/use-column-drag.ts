import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

type Attach = (
  container: HTMLElement,
  onMove: (key: string, toPlaceOf: string) => void,
) => () => void;

/** Columns can be dragged to another place. Its code is loaded when the pointer first comes near one. */
export function useColumnDrag(
  container: RefObject<HTMLElement>,
  /** Changes when other columns are there. */
  keys: string,
  onMove: (key: string, toPlaceOf: string) => void,
): { readonly onPointerEnter: () => void } {
  const latest = useRef(onMove);
  latest.current = onMove;
  const [attach, setAttach] = useState<{ readonly to: Attach }>();
  useEffect(() => {
    const element = container.current;
    if (attach === undefined || element === null) return;
    return attach.to(element, (key, toPlaceOf) => latest.current(key, toPlaceOf));
  }, [attach, keys]);
  return {
    onPointerEnter: () => {
      if (attach !== undefined) return;
      void import("./drag.ts").then(({ letColumnsBeDragged }) =>
        setAttach({ to: letColumnsBeDragged }),
      );
    },
  };
}
