import type { ScorerInput } from "../evaluations.ts";

/** The choices of one vote, in the order in which they are offered. */
export type Choices = readonly string[];

const VARIABLE = /\{\{\s*(inputs?|outputs?|expectations?)\s*\}\}/g;

/**
 * What the judge is asked: the instructions filled in, then the choices. The choice comes before the
 * reason: reasoning first makes judges surer, not better (Wang et al. 2025, arXiv 2503.03064).
 */
export function judgePrompt(options: {
  readonly instructions: string;
  readonly row: ScorerInput;
  readonly choices: Choices;
}): string {
  const { instructions, row, choices } = options;
  return [
    fillIn(instructions, row),
    `Answer with exactly one of these choices: ${choices.map((choice) => JSON.stringify(choice)).join(", ")}.`,
    'Reply with JSON only, in this form: {"choice": "<one of the choices>", "reason": "<one or two sentences>"}',
  ].join("\n\n");
}

/** Follow-up prompt after an answer that is none of the choices. */
export function repairPrompt(options: {
  readonly prompt: string;
  readonly answer: string;
  readonly choices: Choices;
}): string {
  const { prompt, answer, choices } = options;
  return [
    prompt,
    `Your last answer could not be read:\n<answer>\n${answer.slice(0, MAX_QUOTED)}\n</answer>`,
    `Reply again, with JSON only: {"choice": "...", "reason": "..."}. "choice" must be one of: ${choices.map((choice) => JSON.stringify(choice)).join(", ")}.`,
  ].join("\n\n");
}

const MAX_QUOTED = 2_000;

/** Instructions without variables get the whole row appended. */
function fillIn(instructions: string, row: ScorerInput): string {
  const values: Readonly<Record<string, unknown>> = {
    input: row.inputs,
    output: row.output,
    expectation: row.expectations,
  };
  if (instructions.search(VARIABLE) === -1) return [instructions, ...sections(row)].join("\n\n");
  // A single pass with a function: values are neither searched for variables nor interpreted as `$1`.
  return instructions.replaceAll(VARIABLE, (_, name: string) =>
    asText(values[name.replace(/s$/, "")]),
  );
}

function sections(row: ScorerInput): readonly string[] {
  const parts = [
    ["inputs", row.inputs],
    ["output", row.output],
    ["expectations", row.expectations],
  ] as const;
  return parts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<${name}>\n${asText(value)}\n</${name}>`],
  );
}

function asText(value: unknown): string {
  if (value === undefined) return "(not given)";
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? String(value));
}
