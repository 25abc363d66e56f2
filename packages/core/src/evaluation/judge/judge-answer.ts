import * as z from "@rivulet/domain/zod";
import type { Choices } from "./judge-prompt.ts";

/** A judge's verdict. */
export interface Verdict {
  /** One of the given choices. */
  readonly choice: string;
  readonly reason?: string;
}

const answerSchema = z.object({ choice: z.string(), reason: z.string().optional() });
const FENCE = /^```[a-z]*\s*\n([\s\S]*?)\n?```$/i;
const LABEL = /^(?:choice|answer|verdict)\s*:\s*/i;

/**
 * Reads an answer strictly: a JSON object with `choice`, or the choice alone on the first line with the
 * reason below. Anything else is `undefined`: a choice that only occurs somewhere in a text may stand
 * there denied.
 */
export function readVerdict(answer: string, choices: Choices): Verdict | undefined {
  const text = answer.trim();
  const body = (FENCE.exec(text)?.[1] ?? text).trim();
  return body.startsWith("{") ? readJson(body, choices) : readLines(body, choices);
}

function readJson(text: string, choices: Choices): Verdict | undefined {
  const parsed = answerSchema.safeParse(parseJson(text));
  return parsed.success ? verdict(parsed.data.choice, parsed.data.reason, choices) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readLines(text: string, choices: Choices): Verdict | undefined {
  const [first = "", ...rest] = text.split("\n");
  const line = first.trim().replaceAll(/^[*_`"']+|[*_`"']+$/g, "");
  return verdict(line.replace(LABEL, ""), rest.join("\n"), choices);
}

function verdict(text: string, reason: string | undefined, choices: Choices): Verdict | undefined {
  const wanted = plain(text);
  const choice = choices.find((candidate) => plain(candidate) === wanted);
  if (choice === undefined) return undefined;
  const said = reason?.trim().replace(/^reason\s*:\s*/i, "") ?? "";
  return said === "" ? { choice } : { choice, reason: said };
}

/** Ignores case, quotes and a final full stop. */
function plain(text: string): string {
  return text
    .trim()
    .replaceAll(/^[*_`"'\s]+|[*_`"'.\s]+$/g, "")
    .toLowerCase();
}
