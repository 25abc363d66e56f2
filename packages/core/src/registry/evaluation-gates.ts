import type {
  Comparison,
  EvaluationRequirement,
  GateCheck,
  ModelGate,
  ModelVersion,
  ScoreComparison,
} from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { GatedPlace, Store } from "@rivulet/store";
import type { Evaluations } from "../evaluation/evaluations.ts";

/** The version that is to come to a place, before or after it is registered. */
export type GateCandidate = Pick<ModelVersion, "name" | "tags"> &
  Partial<Pick<ModelVersion, "runId" | "version">>;

/** The tag of a version that names its evaluation. */
const EVALUATION_TAG = "evaluationId";

/** Gates that ask for evaluations. */
export interface EvaluationGates {
  /** Whether a version meets those of a place. */
  check(candidate: GateCandidate, place: GatedPlace): Promise<readonly GateCheck[]>;
  /**
   * Lets a version through those of a place.
   *
   * @returns whether one was overridden
   * @throws RivuletError `conflict`
   */
  pass(
    candidate: GateCandidate,
    place: GatedPlace & { readonly force?: boolean },
  ): Promise<boolean>;
}

/** Gates that ask for evaluations, of the models of a store. */
export function createEvaluationGates(
  store: () => Promise<Store>,
  evaluations: Pick<Evaluations, "get" | "compare">,
): EvaluationGates {
  const check: EvaluationGates["check"] = async (candidate, place) => {
    const { alias, stage } = place;
    const { models } = await store();
    const { gates = [] } = (await models.get(candidate.name)) ?? {};
    const asked = gates.filter(
      (gate): gate is ModelGate & { readonly requires: EvaluationRequirement } =>
        typeof gate.requires !== "string" &&
        (alias === undefined
          ? gate.stage !== undefined && gate.stage === stage
          : gate.alias === alias),
    );
    if (asked.length === 0) return [];
    const own = evaluationOf(candidate);
    const there = await versionAt(await store(), { ...place, name: candidate.name });
    const isItself = there !== undefined && there.version === candidate.version;
    const baseline = there === undefined || isItself ? undefined : { id: evaluationOf(there) };
    return Promise.all(
      asked.map((gate) => checkOne(evaluations, { gate, requires: gate.requires, own, baseline })),
    );
  };
  return {
    check,
    pass: async (candidate, { force, ...place }) => {
      const [unmet] = (await check(candidate, place)).filter(({ passes }) => !passes);
      if (unmet === undefined) return false;
      if (force === true) return true;
      const { alias, stage } = place;
      const guarded = alias === undefined ? `Stage ${stage}` : `Alias "${alias}"`;
      throw new RivuletError(
        "conflict",
        `${guarded} of model "${candidate.name}" requires ${unmet.required}; the version has ${unmet.found}. Choose another version, or set force and say why.`,
        { details: { gate: "unmet", required: unmet.required, found: unmet.found } },
      );
    },
  };
}

function evaluationOf({ tags, runId }: Pick<GateCandidate, "tags" | "runId">): string | undefined {
  return tags[EVALUATION_TAG] ?? runId;
}

/** The version that is at a place now. */
async function versionAt(
  store: Store,
  { name, alias, stage }: GatedPlace & { readonly name: string },
): Promise<ModelVersion | undefined> {
  if (alias !== undefined) return store.models.findVersionByAlias({ name, alias });
  const fields = Object.entries({ name, stage: stage ?? "" });
  const { items } = await store.models.searchVersions({
    where: fields.map(([key, value]) => ({
      field: { kind: "attribute", key },
      operator: "=",
      value,
    })),
    order: [{ field: { kind: "attribute", key: "version" }, descending: true }],
    limit: 1,
  });
  return items[0];
}

type Readers = Pick<Evaluations, "get" | "compare">;

interface Asked {
  readonly gate: ModelGate;
  readonly requires: EvaluationRequirement;
  /** Evaluation of the candidate. */
  readonly own: string | undefined;
  /** That of the version that is there; absent where none is. */
  readonly baseline: { readonly id: string | undefined } | undefined;
}

async function checkOne(evaluations: Readers, asked: Asked): Promise<GateCheck> {
  const { gate, requires, own } = asked;
  const { score, atLeast } = requires;
  const required = textOf(requires);
  const evaluation = own === undefined ? undefined : await find(evaluations, own);
  if (evaluation === undefined) return { gate, passes: false, required, found: "no evaluation" };
  const mean = evaluation.scores.find(({ name }) => name === score)?.mean ?? null;
  const given = await givenVerdict(evaluations, asked);
  const isEnough = atLeast === undefined || (mean !== null && mean >= atLeast);
  const average = `a mean of ${mean ?? "nothing"}`;
  const found = given === undefined ? average : `${average} and the verdict ${given}`;
  return { gate, passes: isEnough && isMet(requires, given), required, found };
}

function textOf({ score, atLeast, verdict }: EvaluationRequirement): string {
  const wanted = [
    ...(atLeast === undefined ? [] : [`a mean of at least ${atLeast}`]),
    ...(verdict === undefined ? [] : [`the verdict ${verdict}`]),
  ];
  return `an evaluation with ${wanted.join(" and ")} for ${score}`;
}

type Verdict = ScoreComparison["verdict"];

/** How the candidate compares with what is there; `undefined` where no verdict is asked for, or nothing is there. */
async function givenVerdict(
  evaluations: Readers,
  { requires: { score, verdict }, own = "", baseline }: Asked,
): Promise<Verdict | undefined> {
  if (verdict === undefined || baseline === undefined) return undefined;
  const before = baseline.id === undefined ? undefined : await find(evaluations, baseline.id);
  // What there is nothing to compare with cannot be said to be no worse.
  if (before === undefined) return "unknown";
  return verdictOf(await evaluations.compare({ baselineId: before.id, candidateId: own }), score);
}

function isMet({ verdict }: EvaluationRequirement, given: Verdict | undefined): boolean {
  return given === undefined || given === "better" || given === allowed(verdict);
}

function verdictOf({ scores }: Comparison, score: string): ScoreComparison["verdict"] {
  return scores.find(({ name }) => name === score)?.verdict ?? "unknown";
}

/** The verdict that is enough, besides `better`. */
function allowed(verdict: EvaluationRequirement["verdict"]): ScoreComparison["verdict"] {
  return verdict === "not_worse" ? "noise" : "better";
}

async function find(evaluations: Pick<Evaluations, "get">, id: string) {
  try {
    return await evaluations.get(id);
  } catch (error) {
    if (error instanceof RivuletError && error.code === "not_found") return undefined;
    throw error;
  }
}
