import type { Better, Comparison, MetricDeclarations, ScoreComparison } from "@rivulet/core";
import { useQuery } from "../../api/use-query.ts";
import { askExperiment } from "../../questions/tracking.ts";

/** A compared score, and whether anybody has said which way it improves. */
export interface DirectedScore extends Omit<ScoreComparison, "better"> {
  /** `undefined` while nobody has said: that all values lie between 0 and 1 does not tell. */
  readonly better: Better | undefined;
}

/** The key under which an experiment declares which way a score improves. */
export function metricOfScore(name: string): string {
  return `${name}/mean`;
}

/** The scores of a comparison with what the experiment of the candidate says of them. */
export function useDirectedScores({ candidate, scores }: Comparison): readonly DirectedScore[] {
  const experiment = useQuery(askExperiment(candidate.experimentId)).data;
  return scores.map((score) => directed(score, experiment?.metrics ?? {}));
}

/** Turned over where the experiment says otherwise than the comparison took it. */
function directed(score: ScoreComparison, declared: MetricDeclarations): DirectedScore {
  const key = metricOfScore(score.name);
  const better = Object.hasOwn(declared, key) ? declared[key]?.better : undefined;
  if (better === undefined || better === score.better) return { ...score, better };
  const { improved, regressed, verdict } = score;
  return { ...score, better, improved: regressed, regressed: improved, verdict: TURNED[verdict] };
}

const TURNED = { better: "worse", worse: "better", noise: "noise", unknown: "unknown" } as const;

/** A difference as it is felt: above 0 when it is for the better, `undefined` when that is not known. */
export function gainOf(
  difference: number | undefined,
  { better }: Pick<DirectedScore, "better">,
): number | undefined {
  if (difference === undefined || better === undefined) return undefined;
  return better === "higher" ? difference : -difference;
}
