import { LIMITS, RivuletError, type ScoreRange } from "@rivulet/domain";
import { nameSchema, parseInput } from "../validation.ts";
import type { Scorer } from "./evaluations.ts";
import { parseRange } from "./score-range.ts";

/** Leaves room for the metrics `<name>/mean`, `<name>/skipped` … */
export const MAX_SCORE_NAME: number = LIMITS.name - 20;

/** Most scorers of one evaluation. */
const MAX_SCORERS = 1_000;

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
 * @throws RivuletError `invalid_argument` for something that is no list of functions, and for names that are
 * missing, too long or used twice, and for a range that is none
 */
export function nameScorers<Input, Output, Expected>(
  scorers: readonly Scorer<Input, Output, Expected>[],
): readonly NamedScorer<Input, Output, Expected>[] {
  const isList = Array.isArray(scorers) && scorers.length <= MAX_SCORERS;
  if (!isList || scorers.some((scorer) => typeof scorer !== "function")) {
    throw new RivuletError(
      "invalid_argument",
      `evaluate: scorers must be a list of at most ${MAX_SCORERS} functions.`,
    );
  }
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
  return { name, scorer, ...(range === undefined ? {} : { range: parseRange(range, name) }) };
}

function scoreName({ scoreName: given, name }: { scoreName?: string; name: string }): string {
  if ((given ?? name) === "") {
    throw new RivuletError(
      "invalid_argument",
      "evaluate: a scorer has no name; use a named function or set its scoreName.",
    );
  }
  return parseInput(nameSchema(MAX_SCORE_NAME), given ?? name, "scoreName");
}
