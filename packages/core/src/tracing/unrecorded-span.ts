import type { ActiveSpan, SpanParent } from "./tracing.ts";

const nothing = (): void => undefined;

/**
 * A span that keeps nothing: of a trace that is not sampled, or of a client whose tracing is off. Its
 * children are the span itself.
 */
export function unrecordedSpan(traceId: string, id: string): ActiveSpan {
  return { ...NOTHING, traceId, id };
}

const NOTHING = {
  traceId: "0".repeat(32),
  id: "0".repeat(16),
  sampled: false,
  experimentId: "",
  name: "",
  type: "unknown",
  startTime: 0,
  ended: false,
  isWithin(this: SpanParent, other: SpanParent): boolean {
    return this.id === other.id;
  },
  setName: nothing,
  setInput: nothing,
  setOutput: nothing,
  setAttributes: nothing,
  addEvent: nothing,
  setUsage: nothing,
  setModel: nothing,
  setCost: nothing,
  markFirstToken: nothing,
  linkPrompt: nothing,
  setTrace: nothing,
  end: nothing,
} as const satisfies ActiveSpan;

/** The span of a client whose tracing is off. */
export const NO_SPAN: ActiveSpan = Object.freeze(NOTHING);
