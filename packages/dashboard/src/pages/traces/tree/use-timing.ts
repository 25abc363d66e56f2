import { useEffect, useMemo, useState } from "preact/hooks";
import { serverNow } from "../../../api/server-clock.ts";
import { useQueryState } from "../../../routing/query-state.ts";
import { criticalPath } from "./critical-path.ts";
import type { Drawing } from "./span-bar.tsx";
import type { SpanNode } from "./span-tree.ts";
import { timeScale } from "./time-scale.ts";
import { useZoom, type Zoom } from "./use-zoom.ts";

/** How the time of a trace is drawn, and what changes that. */
export interface Timing {
  readonly drawing: Drawing;
  readonly zoom: Zoom;
  /** What kept the trace from ending earlier is marked. */
  readonly marksPath: boolean;
  readonly setMarksPath: (on: boolean) => void;
  /** Gaps in which nothing ran are drawn shorter. */
  readonly skipsIdle: boolean;
  readonly setSkipsIdle: (on: boolean) => void;
}

/** How the time of a trace is drawn; what is switched on is in the URL. */
export function useTiming(nodes: readonly SpanNode[]): Timing {
  const [path, setPath] = useQueryState("path");
  const [idle, setIdle] = useQueryState("idle");
  const zoom = useZoom();
  const now = useNow(nodes);
  const marksPath = path !== "";
  const skipsIdle = idle !== "";
  const scale = useMemo(() => timeScale(nodes, { now, skipsIdle }), [nodes, now, skipsIdle]);
  const critical = useMemo(
    () => (marksPath ? criticalPath(nodes, now) : undefined),
    [nodes, now, marksPath],
  );
  return {
    drawing: { scale, section: zoom.section, path: critical },
    zoom,
    marksPath,
    setMarksPath: (on) => setPath(on ? "critical" : ""),
    skipsIdle,
    setSkipsIdle: (on) => setIdle(on ? "short" : ""),
  };
}

/** The time until which spans in progress last: it goes on while there are any. */
function useNow(nodes: readonly SpanNode[]): number {
  const [now, setNow] = useState(serverNow);
  const isOpen = nodes.some(({ span }) => span.endTime === undefined);
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => setNow(serverNow()), 1_000);
    return () => clearInterval(timer);
  }, [isOpen]);
  return now;
}
