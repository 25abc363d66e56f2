import type { ModelField, ModelSignature } from "@rivulet/core";
import type { InferenceSession } from "onnxruntime-common";

/** What is used of a session. */
export type SessionLike = Pick<InferenceSession, "inputNames" | "outputNames"> &
  Partial<Pick<InferenceSession, "inputMetadata" | "outputMetadata">>;

/**
 * What the model of a session of ONNX Runtime takes and gives: for `run.logModel`. Dimensions with a name are free.
 *
 * ```ts
 * await run.logModel("iris", "./iris.onnx", { modelType: "onnx", signature: onnxSignature(session) });
 * ```
 */
export function onnxSignature(session: SessionLike): ModelSignature {
  const { inputNames, outputNames, inputMetadata = [], outputMetadata = [] } = session;
  return {
    inputs: inputNames.map((name) => fieldOf(name, inputMetadata)),
    outputs: outputNames.map((name) => fieldOf(name, outputMetadata)),
  };
}

function fieldOf(name: string, metadata: readonly InferenceSession.ValueMetadata[]): ModelField {
  const known = metadata.find((one) => one.name === name);
  if (known === undefined || !known.isTensor) return { name, type: "unknown" };
  const shape = known.shape.map((length) =>
    typeof length === "number" && length >= 0 ? length : null,
  );
  return { name, type: known.type, shape };
}
