import type { FieldType } from "./clause.ts";
import type { FilterField, FilterSpec } from "./filter-spec.ts";

/** Values of metrics: the latest, and what all its points come to. */
const MEASURED = /^(?:metrics|min|max|first|best)\./;

/** A field by its name; one with a key stands for itself, whether or not the key is in use. */
export function fieldOf(name: string, spec: FilterSpec): FilterField {
  const declared = spec.fields.find((field) => field.name === name);
  if (declared !== undefined) return declared;
  return {
    name,
    label: name.replaceAll("`", ""),
    type: typeOfField(name, spec),
    isListed: spec.values !== undefined && !MEASURED.test(name),
  };
}

/** What the values of a field compare as. */
export function typeOfField(name: string, { fields }: FilterSpec): FieldType {
  const declared = fields.find((field) => field.name === name);
  if (declared !== undefined) return declared.type;
  if (!name.includes(".")) return "text";
  return MEASURED.test(name) ? "number" : "any";
}
