import { LIMITS, RivuletError, type ScoreRange } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { nameSchema, parseInput } from "../validation.ts";
import type { Scorer } from "./evaluations.ts";
import { parseRange } from "./score-range.ts";

/** Leaves room for the metrics `<name>/mean`, `<name>/skipped` … */
export const MAX_SCORE_NAME: number = LIMITS.name - 20;

const sourceSchema = z.enum(["code", "llm_judge"], "must be code or llm_judge").optional();

/** A scorer with the name of its score. */
export interface NamedScorer<Input, Output, Expected> {
  readonly name: string;
  readonly scorer: Scorer<Input, Output, Expected>;
  /** As declared by the scorer. */
  readonly range?: ScoreRange;
}

/**
 * The scorers with their names.
 *
 * @throws RivuletError `invalid_argument` for names that are missing, too long or used twice, for a range that is none,
 * and for an unknown source
 */
export function nameScorers<Input, Output, Expected>(
  scorers: readonly Scorer<Input, Output, Expected>[],
): readonly NamedScorer<Input, Output, Expected>[] {
  const named = scorers.map((scorer) => nameScorer(scorer));
  const names = named.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return named;
  throw new RivuletError(
    "invalid_argument",
    `evaluate: two scorers are called "${repeated}"; set scoreName on one of them.`,
    { details: { field: repeated } },
  );
}

function nameScorer<Input, Output, Expected>(
  scorer: Scorer<Input, Output, Expected>,
): NamedScorer<Input, Output, Expected> {
  const name = scoreName(scorer);
  const { range } = scorer;
  parseInput(sourceSchema, scorer.source, `${name}.source`);
  return { name, scorer, ...(range === undefined ? {} : { range: parseRange(range, name) }) };
}

function scoreName({ scoreName: given, name }: { scoreName?: string; name: string }): string {
  if ((given ?? name) === "") {
    throw new RivuletError(
      "invalid_argument",
      "evaluate: a scorer has no name; use a named function or set its scoreName.",
      { details: { field: "scoreName" } },
    );
  }
  return parseInput(nameSchema(MAX_SCORE_NAME), given ?? name, "scoreName");
}
