import type { DatasetRecord, Evaluation, JsonObject, JsonValue } from "@rivulet/domain";
import { LIMITS, MAX_PAGE_SIZE, paginate, RivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { recordId } from "@rivulet/store";
import type { Datasets } from "../datasets/datasets.ts";
import type { Params } from "../params.ts";
import { parseReference } from "../reference.ts";
import { idSchema, optionsSchema, parseInput, readInput } from "../validation.ts";
import type { EvaluationExample } from "./evaluations.ts";
import { toJson } from "./to-json.ts";

/** One example, ready for the task. */
export interface EvaluationItem<Input = unknown, Expected = unknown> {
  /** Pairs rows of two evaluations. */
  readonly rowId: string;
  readonly inputs: Input;
  readonly expectations?: Expected;
  readonly metadata: JsonObject;
}

/** The data of an evaluation. */
export interface EvaluationData<Input = unknown, Expected = unknown> {
  readonly items: readonly EvaluationItem<Input, Expected>[];
  /** Source of the items, for the evaluation's record. */
  readonly source: Pick<Evaluation, "datasetName" | "datasetVersion">;
  /** The same, for the params of its run. */
  readonly params: Params;
}

/** Where datasets are looked up. */
export interface DataSources {
  readonly datasets: Datasets;
}

/**
 * The examples, or the records of one version of a dataset.
 *
 * @throws RivuletError `not_found` for an unknown dataset, `invalid_argument` when there is no example
 */
export async function loadEvaluationData<Input, Expected>(
  data: string | readonly EvaluationExample<Input, Expected>[],
  { datasets }: DataSources,
): Promise<EvaluationData<Input, Expected>> {
  const loaded =
    typeof data === "string"
      ? await loadDataset<Input, Expected>(data, datasets)
      : readInput("evaluate.data", () => fromExamples(data));
  if (loaded.items.length > 0) return loaded;
  const what = typeof data === "string" ? `dataset "${data}" is empty` : "data is empty";
  throw new RivuletError("invalid_argument", `evaluate: ${what}; give it at least one example.`, {
    details: { field: "evaluate.data" },
  });
}

async function loadDataset<Input, Expected>(
  reference: string,
  datasets: Datasets,
): Promise<EvaluationData<Input, Expected>> {
  const { name, version: wanted, alias } = parseReference(reference, "dataset");
  if (alias !== undefined) {
    throw new RivuletError(
      "invalid_argument",
      `A dataset is referenced by 'name' or 'name@3'; "${reference}" is neither.`,
    );
  }
  const version = wanted ?? (await datasets.get(name)).version;
  const records: DatasetRecord[] = [];
  if (version > 0) {
    const query = { name, version, limit: MAX_PAGE_SIZE };
    for await (const record of paginate(datasets.listRecords, query)) records.push(record);
  }
  return {
    // Only the caller's types know what the dataset contains.
    items: records.map(fromRecord) as unknown as EvaluationItem<Input, Expected>[],
    source: { datasetName: name, datasetVersion: version },
    params: { dataset: `${name}@${version}` },
  };
}

function fromRecord({
  id,
  inputs,
  expectations,
  metadata,
}: DatasetRecord): EvaluationItem<JsonValue> {
  return {
    rowId: id,
    inputs,
    ...(expectations === undefined ? {} : { expectations }),
    metadata,
  };
}

function fromExamples<Input, Expected>(
  examples: readonly EvaluationExample<Input, Expected>[],
): EvaluationData<Input, Expected> {
  if (!Array.isArray(examples) || examples.length > LIMITS.records) {
    throw new RivuletError(
      "invalid_argument",
      `evaluate.data: must be a dataset's name or a list of at most ${LIMITS.records} examples`,
      { details: { field: "evaluate.data" } },
    );
  }
  const identified = examples.map((example: EvaluationExample<Input, Expected>, index) =>
    identify(example, `evaluate.data.${index}`),
  );
  const seen = new Map<string, number>();
  const several = withSeveralExpectations(identified);
  return {
    items: identified.map((one) => toItem(one, { seen, several })),
    source: {},
    params: {},
  };
}

interface Identified<Input, Expected> {
  readonly example: EvaluationExample<Input, Expected>;
  readonly given: string | undefined;
  /** Digest of the inputs. */
  readonly digest: string;
  readonly expected: string;
}

function identify<Input, Expected>(
  example: EvaluationExample<Input, Expected>,
  what: string,
): Identified<Input, Expected> {
  const { id: given } = parseInput(exampleSchema, example, what);
  const { inputs, expectations } = example;
  return {
    example,
    given,
    digest: recordId(toJson(inputs) ?? null),
    expected: recordId(toJson(expectations) ?? null),
  };
}

const elsewhere = {
  input: "The task's input is called inputs.",
  expected: "The expected output is called expectations.",
  output: "The expected output is called expectations.",
};

/** Whatever the task and the scorers are given stays as it is. */
const exampleSchema: z.ZodType<Pick<EvaluationExample, "id">> = optionsSchema(
  () => ({
    inputs: z.custom((value) => value !== undefined, "is missing"),
    expectations: z.unknown().optional(),
    metadata: z.custom(isObject, "must be an object").exactOptional(),
    id: idSchema.exactOptional(),
  }),
  { elsewhere },
);

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Digests of inputs that occur with more than one expectation. */
function withSeveralExpectations(
  identified: readonly Pick<Identified<unknown, unknown>, "digest" | "expected">[],
): ReadonlySet<string> {
  const byInputs = Map.groupBy(identified, ({ digest }) => digest);
  const several = [...byInputs].filter(
    ([, group]) => new Set(group.map(({ expected }) => expected)).size > 1,
  );
  return new Set(several.map(([digest]) => digest));
}

interface Known {
  readonly seen: Map<string, number>;
  readonly several: ReadonlySet<string>;
}

function toItem<Input, Expected>(
  { example, given, digest, expected }: Identified<Input, Expected>,
  { seen, several }: Known,
): EvaluationItem<Input, Expected> {
  const { inputs, expectations, metadata = {} } = example;
  const base = given ?? (several.has(digest) ? `${digest}-${expected.slice(0, 8)}` : digest);
  const before = seen.get(base) ?? 0;
  seen.set(base, before + 1);
  if (given !== undefined && before > 0) {
    throw new RivuletError("invalid_argument", `evaluate: two examples have the id "${base}".`, {
      details: { field: "evaluate.data" },
    });
  }
  return {
    // The same example twice makes two rows, also in the next evaluation of the same list.
    rowId: before === 0 ? base : `${base}-${before + 1}`,
    inputs,
    ...(expectations === undefined ? {} : { expectations }),
    metadata,
  };
}
