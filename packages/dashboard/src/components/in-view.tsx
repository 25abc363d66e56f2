import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Draws what is in it, and so asks for it, when half of its place has come into view. */
export function InView({
  height,
  children,
}: {
  /** Pixels that are kept for it until then. */
  height: number;
  children: () => ComponentChildren;
}): JSX.Element {
  const [isSeen, setSeen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isSeen || place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { threshold: 0.5 },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [isSeen]);
  if (isSeen) return <>{children()}</>;
  return <div ref={place} style={{ minHeight: `${height}px` }} />;
}
