import * as z from "zod";
import { objectSchema } from "./object-schema.ts";

/** Failures whose messages differ in nothing but numbers, ids, addresses and quoted texts. */
export interface ErrorGroup {
  /**
   * 16 hex digits, the same for the same `pattern` in every store. The filter `error.fingerprint = '…'` finds the traces
   * of the group.
   */
  readonly fingerprint: string;
  /** The message with `<number>`, `<id>`, `<url>` and `<text>` for what differs; empty for failures without a message. */
  readonly pattern: string;
  /** How many traces it happened in. */
  readonly count: number;
  /** When a failing span first started, in milliseconds since the epoch. */
  readonly firstTime: number;
  /** When a failing span last started, in milliseconds since the epoch. */
  readonly lastTime: number;
  /** The trace of the latest. */
  readonly traceId: string;
  /** The name of the span that failed there. */
  readonly spanName: string;
  /** Its message, up to 2,000 characters. */
  readonly message: string;
}

/** Schema of {@link ErrorGroup}. */
export const errorGroupSchema: z.ZodType<ErrorGroup> = objectSchema(() => ({
  fingerprint: z.string(),
  pattern: z.string(),
  count: z.number().int(),
  firstTime: z.number(),
  lastTime: z.number(),
  traceId: z.string(),
  spanName: z.string(),
  message: z.string(),
}));

/** Longest message that is looked at, and longest pattern. */
const LONGEST = { message: 2_000, pattern: 300 };

/** What differs between two failures of one kind, in this order. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  // Colours of a terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for.
  [/\u001b\[[\d;]{0,20}[a-z]/gi, ""],
  [/\bhttps?:\/\/[^\s"'`)]+/gi, "<url>"],
  [/"[^"\n]{0,500}"|`[^`\n]{0,500}`|(?<!\w)'[^'\n]{0,500}'(?!\w)/g, "<text>"],
  [/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi, "<id>"],
  // Letters and digits, such as req_011CSHoEeqs5C35K2UUqR7Fy.
  [/\b(?=[a-z_]*\d)(?=\d*[a-z_])\w{8,}\b/gi, "<id>"],
  [/\d+(?:[.,:]\d+)*/g, "<number>"],
  [/\s+/g, " "],
];

/** The message of a failure without what differs between failures of its kind. */
export function errorPattern(message: string): string {
  const pattern = VARYING.reduce(
    (text, [varying, placeholder]) => text.replace(varying, placeholder),
    message.slice(0, LONGEST.message),
  );
  return pattern.trim().slice(0, LONGEST.pattern);
}
