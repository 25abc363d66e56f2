import type { JSX, RefObject } from "preact";
import { useState } from "preact/hooks";

/** Per cent that an arrow key moves a border by. */
const STEP = 2;

/** The border between two parts of an element, moved with the mouse or the arrow keys. */
export function Resizer({
  label,
  of,
  width,
  onWidth,
}: {
  label: string;
  /** The element whose left part gets wider. */
  of: RefObject<HTMLElement>;
  width: RememberedWidth;
  onWidth: (per: number) => void;
}): JSX.Element {
  const { value, least, most } = width;
  const set = (next: number): void => onWidth(Math.round(Math.min(most, Math.max(least, next))));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      class="resizer"
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const box = of.current?.getBoundingClientRect();
        if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
        set(((event.clientX - box.left) / box.width) * 100);
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") set(value - STEP);
        else if (event.key === "ArrowRight") set(value + STEP);
      }}
    />
  );
}

/** A width in per cent and how far it goes. */
export interface RememberedWidth {
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

/** A width that this browser remembers. */
export function useWidth(
  key: string,
  { value, ...limits }: RememberedWidth,
): readonly [RememberedWidth, (value: number) => void] {
  const [current, setCurrent] = useState(() => read(key) ?? value);
  const remember = (next: number): void => {
    setCurrent(next);
    try {
      localStorage.setItem(key, String(next));
    } catch {
      // Storage is blocked: the width holds until the page is left.
    }
  };
  return [{ value: current, ...limits }, remember];
}

function read(key: string): number | undefined {
  try {
    const value = Number(localStorage.getItem(key) ?? "");
    return value > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
