import {
  jsonObjectSchema,
  lifecycleStageSchema,
  loggedModelStatusSchema,
  metricDeclarationsSchema,
  modelGateSchema,
  modelSignatureSchema,
  modelStageSchema,
  type PromptArm,
  promptArmSchema,
  runStatusSchema,
  stringMapSchema,
} from "@rivulet/domain";

/** What a cell must be, beyond what its column can hold. */
export interface CellShape {
  readonly fits: (value: unknown) => boolean;
  /** Description of an invalid value. */
  readonly misfit: string;
}

interface Schema {
  safeParse(value: unknown): { readonly success: boolean };
}

function shape(schema: Schema, misfit: string): CellShape {
  return { fits: (value) => schema.safeParse(value).success, misfit };
}

function oneOf(...words: readonly string[]): CellShape {
  return { fits: (value) => words.includes(String(value)), misfit: `none of ${words.join(", ")}` };
}

const OBJECT = shape(jsonObjectSchema, "no object");
const LIFECYCLE = shape(lifecycleStageSchema, "none of active, deleted");
/** Absent where nothing is declared. */
const METRICS = shape(
  metricDeclarationsSchema.optional(),
  "no object of metrics, each with better: higher or lower",
);
const RUN_STATUS = shape(runStatusSchema, "none of running, scheduled, finished, failed, killed");

const STAGE = shape(modelStageSchema.nullish(), "none of staging, production, archived");
const GATES = shape(
  modelGateSchema.array().nullish(),
  "no list of gates, each with an alias or a stage and what it requires",
);

const ARMS: CellShape = {
  misfit: "no list of versions with weights above 0, each version once",
  fits(value) {
    const parsed = promptArmSchema.array().min(1).safeParse(value);
    return parsed.success && areDistinct(parsed.data);
  },
};

function areDistinct(arms: readonly PromptArm[]): boolean {
  return new Set(arms.map(({ version }) => version)).size === arms.length;
}

const TEXTS: CellShape = {
  misfit: "no list of texts",
  fits: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
};

const SCORES: CellShape = {
  misfit: "no list of scores, each with a name",
  fits: (value) => Array.isArray(value) && value.every((one) => typeof one?.name === "string"),
};

/** Shapes of cells that people may edit, by table and column. */
export const CELL_SHAPES: Readonly<Record<string, Readonly<Record<string, CellShape>>>> = {
  experiments: { lifecycle_stage: LIFECYCLE, metrics: METRICS },
  runs: { status: RUN_STATUS, lifecycle_stage: LIFECYCLE },
  run_inputs: { tags: shape(stringMapSchema, "no object of texts") },
  logged_models: {
    status: shape(loggedModelStatusSchema, "none of pending, ready, upload_failed"),
    signature: shape(modelSignatureSchema.nullish(), "no signature with inputs"),
    lifecycle_stage: LIFECYCLE,
  },
  model_versions: { stage: STAGE },
  models: { gates: GATES },
  prompt_versions: { type: oneOf("text", "chat"), variables: TEXTS, config: OBJECT },
  prompt_aliases: { arms: ARMS },
  dataset_records: { metadata: OBJECT },
  evaluations: {
    status: oneOf("running", "finished", "failed", "killed"),
    scores: SCORES,
    metadata: OBJECT,
  },
  evaluation_rows: { scores: SCORES },
};
