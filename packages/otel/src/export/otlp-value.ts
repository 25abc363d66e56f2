/** A value as OTLP's JSON writes it: one of these fields is there. */
export interface OtlpJsonValue {
  /** Text. */
  readonly stringValue?: string;
  /** Yes or no. */
  readonly boolValue?: boolean;
  /** A whole number, as text. */
  readonly intValue?: string;
  /** Any other number. */
  readonly doubleValue?: number;
  /** A list. */
  readonly arrayValue?: OtlpJsonList<OtlpJsonValue>;
  /** An object. */
  readonly kvlistValue?: OtlpJsonList<OtlpAttribute>;
}

/** A list as OTLP's JSON writes it. */
export interface OtlpJsonList<T> {
  /** Its items. */
  readonly values: readonly T[];
}

/** An attribute as OTLP's JSON writes it. */
export interface OtlpAttribute {
  /** Its name. */
  readonly key: string;
  /** Its value. */
  readonly value: OtlpJsonValue;
}

/** Writes fields as attributes, without those that are nothing. */
export function toAttributes(fields: Readonly<Record<string, unknown>>): readonly OtlpAttribute[] {
  return Object.entries(fields).flatMap(([key, given]) => {
    const value = toValue(given);
    return value === undefined ? [] : [{ key, value }];
  });
}

function toValue(value: unknown): OtlpJsonValue | undefined {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return toNumber(value);
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) {
    return { kvlistValue: { values: toAttributes(value as Record<string, unknown>) } };
  }
  const values = value.map(toValue).filter((item) => item !== undefined);
  return { arrayValue: { values } };
}

function toNumber(value: number): OtlpJsonValue {
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
