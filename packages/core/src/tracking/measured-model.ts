import { LIMITS, type MeasuredModel, RivuletError } from "@rivulet/domain";
import type * as z from "@rivulet/domain/zod";
import type { MeasuredDataset } from "@rivulet/store";
import type { Context } from "../context.ts";
import { idSchema, nameSchema, optionsSchema, parseInput } from "../validation.ts";

/** Which logged model a metric was measured of, and on which dataset. */
export interface MeasuredOptions {
  /** Id of the logged model. @default none: the metric is of the run only */
  readonly modelId?: string;
  /** The dataset it was measured on: name and digest, such as those of a logged input. @default none */
  readonly dataset?: MeasuredDataset;
}

/** The same, where what is absent may be `undefined`. */
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Schema of the model that a metric was measured of. */
export const measuredModelSchema: z.ZodType<string> = idSchema.describe(
  "Id of the logged model that it was measured of; default none",
);

/** Schema of the dataset that a model was measured on. */
export const measuredDatasetSchema: z.ZodType<MeasuredDataset> = optionsSchema(() => ({
  name: nameSchema(LIMITS.datasetName).describe("Name of the dataset"),
  digest: nameSchema(LIMITS.datasetDigest).describe("Its digest; default none").exactOptional(),
})).describe("Dataset that the model was measured on: name and digest; default none");

const measuredSchema: z.ZodType<MeasuredOptions> = optionsSchema(() => ({
  modelId: measuredModelSchema.exactOptional(),
  dataset: measuredDatasetSchema.exactOptional(),
}));

/** What the options say; `undefined` where they name no model. @throws RivuletError `invalid_argument` */
export function readMeasured({
  modelId,
  dataset,
}: Loose<MeasuredOptions>): MeasuredModel | undefined {
  if (modelId === undefined && dataset === undefined) return undefined;
  return toMeasured(parseInput(measuredSchema, { modelId, dataset: named(dataset) }, "options"));
}

/** An input dataset has more fields, of which these two say which one it is. */
function named(dataset: MeasuredDataset | undefined): unknown {
  if (typeof dataset !== "object" || dataset === null) return dataset;
  const { name, digest } = dataset;
  return { name, digest };
}

/** What the options of a training loop say. What is wrong with them is reported: the points are of the run in any case. */
export function measuredIn(
  options: MeasuredOptions,
  { reportError }: Pick<Context, "reportError">,
): MeasuredModel | undefined {
  // What is no object at all is told where the step is read.
  if (typeof options !== "object" || options === null) return undefined;
  try {
    const { modelId, dataset } = options;
    return (modelId ?? dataset) === undefined ? undefined : readMeasured({ modelId, dataset });
  } catch (error) {
    reportError(error);
    return undefined;
  }
}

/** What checked options say. @throws RivuletError `invalid_argument` for a dataset without a model */
function toMeasured({ modelId, dataset }: MeasuredOptions): MeasuredModel | undefined {
  if (modelId !== undefined) {
    return {
      modelId,
      ...(dataset === undefined ? {} : { datasetName: dataset.name }),
      ...(dataset?.digest === undefined ? {} : { datasetDigest: dataset.digest }),
    };
  }
  if (dataset === undefined) return undefined;
  throw new RivuletError(
    "invalid_argument",
    "A metric on a dataset needs the modelId of the model that was measured.",
    { details: { field: "modelId" } },
  );
}
