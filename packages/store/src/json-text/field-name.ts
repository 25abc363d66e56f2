import { kindOfName, type NameKind } from "../secrets/secret-names.ts";
import { maskSecretText } from "../secrets/secrets.ts";
import { describesValues, holdsNamedValue, isSchema, namesSecret } from "./secret-places.ts";

/** What is known about a field's name. */
export interface FieldName {
  readonly name: string;
  /** The name as JSON, with its colon. */
  readonly json: string;
  readonly kind: NameKind;
  /** The name without secrets in it: tables of keys and their users have some. */
  readonly masked: string;
}

/** Names repeat endlessly; what is found out about each is cached, within bounds. */
const MOST_KNOWN = 5_000;
const LONGEST_KNOWN = 100;
const known = new Map<string, FieldName>();

/** What is known about the name. */
export function fieldName(name: string): FieldName {
  const found = known.get(name);
  if (found !== undefined) return found;
  const field = makeName(name);
  if (known.size < MOST_KNOWN && name.length <= LONGEST_KNOWN) known.set(name, field);
  return field;
}

function makeName(name: string): FieldName {
  return {
    name,
    json: `${JSON.stringify(name)}:`,
    kind: kindOfName(name),
    masked: maskSecretText(name),
  };
}

/** The same name, of a value that is secret for its place. */
export function asSecret(field: FieldName): FieldName {
  return field.kind === "secret" ? field : { ...field, kind: "secret" };
}

/** Says what is known about the name of a field of one object. */
export type NameOfField = (name: string) => FieldName;

/** What the fields of an object are told by; `isSecret` when the object is. */
export function namesIn(fields: Readonly<Record<string, unknown>>, isSecret: boolean): NameOfField {
  if (isSecret) return isSchema(fields) ? schemaFieldName : secretFieldName;
  return namesSecret(fields) ? secretValueName : fieldName;
}

/** All that is in a secret is secret. */
function secretFieldName(name: string): FieldName {
  return asSecret(fieldName(name));
}

function schemaFieldName(name: string): FieldName {
  return describesValues(name) ? fieldName(name) : secretFieldName(name);
}

function secretValueName(name: string): FieldName {
  return holdsNamedValue(name) ? secretFieldName(name) : fieldName(name);
}
