import type { Assessment, DatasetRecord, EvaluationRow, Run, Score } from "@rivulet/domain";
import type { Masking } from "./masking.ts";

/** The assessment as it is stored. */
export function maskAssessment(masking: Masking, given: Assessment): Assessment {
  const { sourceId, ...others } = given;
  const { value, rationale, error, metadata } = others;
  return {
    ...others,
    value: masking.value(value, "value"),
    ...(rationale === undefined ? {} : { rationale: masking.text(rationale, "rationale") }),
    ...(error === undefined ? {} : { error: masking.text(error, "error") }),
    ...maskId(masking, "sourceId", sourceId),
    metadata: masking.object(metadata, "metadata"),
  };
}

/** The example as it is stored. Its id is that of the inputs as they were given. */
export function maskRecord(masking: Masking, given: DatasetRecord): DatasetRecord {
  const { inputs, expectations, metadata } = given;
  return {
    ...given,
    inputs: masking.value(inputs, "inputs"),
    ...(expectations === undefined
      ? {}
      : { expectations: masking.value(expectations, "expectations") }),
    metadata: masking.object(metadata, "metadata"),
  };
}

/** The row of an evaluation as it is stored. */
export function maskRow(masking: Masking, given: EvaluationRow): EvaluationRow {
  const { inputs, expectations, output, error, scores } = given;
  return {
    ...given,
    inputs: masking.value(inputs, "inputs"),
    ...(expectations === undefined
      ? {}
      : { expectations: masking.value(expectations, "expectations") }),
    ...(output === undefined ? {} : { output: masking.value(output, "output") }),
    ...(error === undefined ? {} : { error: masking.text(error, "error") }),
    scores: scores.map((score) => maskScore(masking, score)),
  };
}

function maskScore(masking: Masking, given: Score): Score {
  const { label, rationale, error } = given;
  return {
    ...given,
    ...(label === undefined ? {} : { label: masking.text(label, "label") }),
    ...(rationale === undefined ? {} : { rationale: masking.text(rationale, "rationale") }),
    ...(error === undefined ? {} : { error: masking.text(error, "error") }),
  };
}

/** What is said of a run, as it is stored. */
export function maskRun<T extends Partial<Pick<Run, "params" | "tags" | "userId" | "name">>>(
  masking: Masking,
  given: T,
): T {
  const { userId, ...others } = given;
  const { params, tags, name } = others;
  return {
    ...others,
    ...(params && { params: masking.map(params) }),
    ...(tags && { tags: masking.map(tags) }),
    ...maskId(masking, "userId", userId),
    ...(name === undefined ? {} : { name: masking.name(name) }),
  } as T;
}

function maskId<K extends string>(
  masking: Masking,
  key: K,
  id: string | undefined,
): Partial<Record<K, string>> {
  const masked = id === undefined ? undefined : masking.id(id, key);
  return masked === undefined ? {} : ({ [key]: masked } as Record<K, string>);
}
