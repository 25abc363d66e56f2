import { copyJson, NotJson } from "./copy-json.ts";

/**
 * The value of a param as the text that is stored: numbers, bigints and booleans as they are written, NaN and the
 * infinities by their names, `null` as `null`, a date in ISO 8601, lists and objects as compact JSON. In there, too, NaN
 * and the infinities are spelt by their names, and a bigint by its digits, as texts.
 *
 * @throws NotJson for what cannot be said as text: functions, symbols, promises, maps, bytes, instances of classes
 * without `toJSON`
 */
export function paramText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.toWellFormed();
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return objectText(value);
    default:
      throw new NotJson(
        [],
        `is ${typeof value === "undefined" ? "undefined" : `a ${typeof value}`}, which no param can be`,
      );
  }
}

function objectText(value: object | null): string {
  const copied = copyJson(value, { number: String, bigint: String });
  return typeof copied === "string" ? copied : JSON.stringify(copied);
}
