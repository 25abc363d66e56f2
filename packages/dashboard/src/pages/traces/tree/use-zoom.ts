import { useState } from "preact/hooks";
import type { Stretch } from "./time-scale.ts";

/** The part of a trace that is drawn, from 0 to 1. */
export type Section = Stretch;

/** What can be done to the part of a trace that is drawn. */
export interface Zoom {
  readonly section: Section;
  readonly isFit: boolean;
  /** The part that is being chosen with the mouse. */
  readonly chosen: Section | undefined;
  /** Draws a part `factor` times as long, around a place. */
  readonly by: (factor: number, around?: number) => void;
  readonly fit: () => void;
  /** For the element around all tracks. */
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: () => void;
    readonly onClickCapture: (event: MouseEvent) => void;
    readonly onWheel: (event: WheelEvent) => void;
  };
}

const WHOLE: Section = { start: 0, end: 1 };
/** The smallest part that is drawn. */
const LEAST = 1e-4;
/** A mouse that moves less than this many pixels only clicks. */
const CLICK = 4;
/** How much one notch of the wheel zooms. */
const WHEEL = 0.002;

/** A drag that has begun on a track. */
interface Drag {
  readonly track: DOMRect;
  readonly from: number;
}

/** Zooms into the time of a trace: by buttons, by dragging over the part that is wanted, and by the wheel with Ctrl. */
export function useZoom(): Zoom {
  const [section, setSection] = useState(WHOLE);
  const [drag, setDrag] = useState<Drag>();
  const [chosen, setChosen] = useState<Section>();
  const [hasDragged, setDragged] = useState(false);
  const go = (start: number, end: number): void => setSection(within(start, end));
  const by = (factor: number, around = (section.start + section.end) / 2): void =>
    go(around - (around - section.start) * factor, around + (section.end - around) * factor);
  const placeOf = (x: number, track: DOMRect): number => {
    const share = Math.min(1, Math.max(0, (x - track.left) / track.width));
    return section.start + share * (section.end - section.start);
  };
  const stop = (): void => {
    setDrag(undefined);
    setChosen(undefined);
  };
  return {
    section,
    isFit: section === WHOLE,
    chosen,
    by,
    fit: () => setSection(WHOLE),
    handlers: {
      onPointerDown: (event) => {
        setDragged(false);
        const track = trackOf(event);
        if (track !== undefined && event.button === 0 && event.pointerType === "mouse")
          setDrag({ track, from: event.clientX });
      },
      onPointerMove: (event) => {
        if (drag === undefined || Math.abs(event.clientX - drag.from) < CLICK) return;
        const places = [drag.from, event.clientX].map((x) => placeOf(x, drag.track));
        setChosen({ start: Math.min(...places), end: Math.max(...places) });
      },
      onPointerUp: () => {
        if (chosen !== undefined) {
          go(chosen.start, chosen.end);
          setDragged(true);
        }
        stop();
      },
      onPointerCancel: stop,
      onClickCapture: (event) => {
        if (hasDragged) event.stopPropagation();
        setDragged(false);
      },
      onWheel: (event) => {
        const track = trackOf(event);
        if (track === undefined) return;
        if (event.ctrlKey) by(Math.exp(event.deltaY * WHEEL), placeOf(event.clientX, track));
        else if (event.deltaX !== 0 && section !== WHOLE) {
          const by = (event.deltaX / track.width) * (section.end - section.start);
          go(section.start + by, section.end + by);
        } else return;
        event.preventDefault();
      },
    },
  };
}

/** A part that is not too small, moved to where there is something. */
function within(start: number, end: number): Section {
  const length = Math.min(1, Math.max(LEAST, end - start));
  if (length === 1) return WHOLE;
  const from = Math.min(1 - length, Math.max(0, start));
  return { start: from, end: from + length };
}

/** Where the track under the mouse is. */
function trackOf({ target }: Event): DOMRect | undefined {
  const track = target instanceof Element ? target.closest(".span-track, .time-axis") : null;
  return track?.getBoundingClientRect();
}
