/** Why a run ended with an "error". */
export type RunFailure =
  /** LangGraph waits for a human. */
  | { readonly kind: "interrupted"; readonly interrupts: unknown }
  /** LangGraph goes on elsewhere: `Command({ graph: Command.PARENT })`. */
  | { readonly kind: "handoff" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "error" };

const ABORT_NAMES = new Set(["AbortError", "ModelAbortError"]);
const ABORT_MESSAGES = new Set(["Abort", "Aborted"]);

/**
 * LangGraph bubbles interrupts and commands up as errors. They are known by a flag, not by class or name:
 * there may be several copies of the library, and users may have errors of the same name.
 */
export function classifyFailure(error: unknown): RunFailure {
  const { is_bubble_up, interrupts, name, message } = (error ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (is_bubble_up === true) {
    return interrupts === undefined ? { kind: "handoff" } : { kind: "interrupted", interrupts };
  }
  const aborted = ABORT_NAMES.has(String(name)) || ABORT_MESSAGES.has(String(message));
  return { kind: aborted ? "cancelled" : "error" };
}
