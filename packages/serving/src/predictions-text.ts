import { RivuletError } from "@rivulet/core";

/**
 * What a model has predicted, as JSON: typed arrays as lists, and `"NaN"`, `"Infinity"` and `"-Infinity"` as texts, which
 * JSON has no numbers for.
 *
 * @throws RivuletError `conflict` unless there is one prediction for each row
 */
export function predictionsText(predictions: unknown, rows: number): string {
  const lists = isNamed(predictions) ? Object.values(predictions) : [predictions];
  const wrong = lists.find((list) => lengthOf(list) !== rows);
  if (lists.length === 0 || wrong !== undefined || predictions === undefined) {
    const given = lists.length === 0 ? undefined : lengthOf(wrong);
    throw new RivuletError(
      "conflict",
      `The model gave ${given === undefined ? "no list of" : given} predictions for ${rows} rows: predict() must return one for each, or an object with a list of them for each output.`,
    );
  }
  return JSON.stringify({ predictions }, (_key, value: unknown) => inJson(value));
}

function isNamed(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}

function lengthOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return ArrayBuffer.isView(value) && "length" in value ? Number(value.length) : undefined;
}

function inJson(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  // A list of its own, which is gone through in turn.
  return ArrayBuffer.isView(value) && "length" in value
    ? Array.from(value as unknown as ArrayLike<unknown>)
    : value;
}
