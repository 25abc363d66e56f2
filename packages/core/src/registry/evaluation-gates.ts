import type {
  Comparison,
  EvaluationRequirement,
  GateCheck,
  ModelGate,
  ModelVersion,
  ScoreComparison,
} from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { GatedPlace, JudgedPlace, ModelAct, Store } from "@rivulet/store";
import type { Evaluations } from "../evaluation/evaluations.ts";

/** The version that is to come to a place, before or after it is registered. */
export type GateCandidate = Pick<ModelVersion, "name" | "tags"> &
  Partial<Pick<ModelVersion, "runId" | "version">>;

/** The tag of a version that names its evaluation. */
const EVALUATION_TAG = "evaluationId";

/** A version that is to come to places. */
export interface GuardedMove {
  /** The version. */
  readonly candidate: GateCandidate;
  /** Aliases, or a stage. */
  readonly places: readonly GatedPlace[];
  /** Unmet gates are overridden. */
  readonly force: boolean;
}

/** What is told to the store of gates that it cannot look at. */
export type PassedGates = Required<Pick<ModelAct, "overridden" | "judged">>;

/** Gates that ask for evaluations. */
export interface EvaluationGates {
  /** Whether a version meets those of a place. */
  check(candidate: GateCandidate, place: GatedPlace): Promise<readonly GateCheck[]>;
  /**
   * Does what brings a version to places whose gates it meets. Where one was moved, or got other gates, in between, they are
   * looked at again.
   *
   * @throws RivuletError `conflict`
   */
  guard<T>(move: GuardedMove, work: (passed: PassedGates) => Promise<T>): Promise<T>;
}

interface Look {
  readonly judged: JudgedPlace;
  readonly checks: readonly GateCheck[];
}

const MOST_TRIES = 5;

/** Gates that ask for evaluations, of the models of a store. */
export function createEvaluationGates(
  store: () => Promise<Store>,
  evaluations: Pick<Evaluations, "get" | "compare">,
): EvaluationGates {
  const look = async (candidate: GateCandidate, place: GatedPlace): Promise<Look> => {
    const { models } = await store();
    const { gates: all = [] } = (await models.get(candidate.name)) ?? {};
    const gates = all.filter(
      (gate): gate is EvaluationGate =>
        typeof gate.requires !== "string" &&
        gate.alias === place.alias &&
        gate.stage === place.stage,
    );
    if (gates.length === 0) return { judged: { ...place, gates }, checks: [] };
    const own = evaluationOf(candidate);
    const there = await versionAt(await store(), { ...place, name: candidate.name });
    const isItself = there !== undefined && there.version === candidate.version;
    const baseline = there === undefined || isItself ? undefined : { id: evaluationOf(there) };
    const checks = await Promise.all(
      gates.map((gate) => checkOne(evaluations, { gate, requires: gate.requires, own, baseline })),
    );
    const judged = { ...place, gates, ...(there === undefined ? {} : { there: there.version }) };
    return { judged, checks };
  };

  const pass = async ({ candidate, places, force }: GuardedMove): Promise<PassedGates> => {
    const judged: JudgedPlace[] = [];
    let overridden = false;
    for (const place of places) {
      const seen = await look(candidate, place);
      judged.push(seen.judged);
      const unmet = seen.checks.find(({ passes }) => !passes);
      if (unmet === undefined) continue;
      if (!force) throw notMet(candidate, place, unmet);
      overridden = true;
    }
    return { overridden, judged };
  };

  return {
    check: async (candidate, place) => (await look(candidate, place)).checks,
    async guard(move, work) {
      for (let tries = 1; ; tries += 1) {
        const passed = await pass(move);
        try {
          return await work(passed);
        } catch (error) {
          if (!isChanged(error) || tries === MOST_TRIES) throw error;
        }
      }
    },
  };
}

type EvaluationGate = ModelGate & { readonly requires: EvaluationRequirement };

function isChanged(error: unknown): boolean {
  return (
    error instanceof RivuletError &&
    error.code === "conflict" &&
    error.details["gate"] === "changed"
  );
}

function notMet(
  { name }: GateCandidate,
  { alias, stage }: GatedPlace,
  { required, found }: GateCheck,
): RivuletError {
  const guarded = alias === undefined ? `Stage ${stage}` : `Alias "${alias}"`;
  return new RivuletError(
    "conflict",
    `${guarded} of model "${name}" requires ${required}; the version has ${found}. Choose another version, or set force and say why.`,
    { details: { gate: "unmet", required, found } },
  );
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
