import type { Rivulet } from "@rivulet/core";

/** The app's choice among spans. One on which its function fails is taken: that is reported, and no span is lost by it. */
export function passesFilter<S>(
  rivulet: Pick<Rivulet, "reportError">,
  filter: (span: S) => boolean,
): (span: S) => boolean {
  return (span) => {
    try {
      return filter(span);
    } catch (error) {
      rivulet.reportError(error);
      return true;
    }
  };
}
