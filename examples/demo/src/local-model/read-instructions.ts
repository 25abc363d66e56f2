import type { LocalMessage } from "./messages.ts";

/** What the system message asks for, as far as the local model understands. */
export interface Instructions {
  /** Measures in other units are to be converted first. */
  readonly convertsUnits: boolean;
  /** The answer is to say what it rests on. */
  readonly namesSource: boolean;
}

export function readInstructions(messages: readonly LocalMessage[]): Instructions {
  const system = messages
    .filter(({ role }) => role === "system")
    .map(({ text }) => text)
    .join("\n");
  return {
    convertsUnits: /\bconvert\b[^.]*\b(?:centimet(?:re|er)s?|cm)\b/i.test(system),
    namesSource: /\b(?:name|cite|state|give)s?\b[^.]*\bsource\b/i.test(system),
  };
}
