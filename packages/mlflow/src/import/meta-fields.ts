/** The file with the fields of an experiment, a run or a model. */
export const META = "meta.yaml";

/** The fields of a YAML file. */
export type Fields = Readonly<Record<string, unknown>>;

/** A field that must be there. @throws Error when it is not */
export function textOf(fields: Fields, name: string): string {
  const text = optionalText(fields[name]);
  if (text === undefined) throw new Error(`${META} has no ${name}`);
  return text;
}

/** A text that says something. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Milliseconds since the epoch. */
export function timeOf(value: unknown): number | undefined {
  const text = optionalText(value);
  return text !== undefined && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** Fields below a field; none where there are none. */
export function fieldsIn(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
