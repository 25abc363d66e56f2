import type { Dataset } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { addRecords, addTraces } from "./datasets.ts";

/** A trace, or one span of it, that becomes an example. */
export interface AddedExample {
  readonly dataset: string;
  /** The dataset is made first. */
  readonly isNew: boolean;
  readonly traceId: string;
  readonly spanId: string | undefined;
  /** Its output is what should come out. */
  readonly takesOutput: boolean;
}

/** Makes a trace, or one span of it, an example of a dataset. */
export async function addExample({ isNew, ...example }: AddedExample): Promise<Dataset> {
  const { dataset, traceId, spanId, takesOutput } = example;
  if (isNew) await rivulet.datasets.create({ name: dataset });
  if (spanId === undefined) {
    return addTraces(dataset, { traceIds: [traceId], outputsAsExpectations: takesOutput });
  }
  const { input, output } = await rivulet.traces.getSpan({ traceId, spanId });
  const record = {
    inputs: input ?? null,
    sourceTraceId: traceId,
    ...(takesOutput && output !== undefined && { expectations: output }),
  };
  return addRecords(dataset, [record]);
}
