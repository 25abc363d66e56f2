import { kindOfName } from "../secrets/secret-names.ts";

type Fields = Readonly<Record<string, unknown>>;

const SCHEMA_TYPES: ReadonlySet<unknown> = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "object",
  "array",
  "null",
]);
const SCHEMA_FIELDS: readonly string[] = ["$ref", "anyOf", "oneOf", "allOf"];

/** What a schema says of values, and not a value: a default or an example may be the secret itself. */
const SCHEMA_WORDS: ReadonlySet<string> = new Set(
  [
    "$id $schema $ref $anchor $defs $comment $dynamicRef definitions type title description format pattern",
    "contentEncoding contentMediaType minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf",
    "minItems maxItems uniqueItems items prefixItems contains minProperties maxProperties properties patternProperties",
    "additionalProperties propertyNames required dependentRequired allOf anyOf oneOf not if then else nullable optional",
    "readOnly writeOnly deprecated discriminator strict",
  ].flatMap((line) => line.split(" ")),
);

/** Whether the object under a secret's name says what the secret looks like: a JSON schema. */
export function isSchema(fields: Fields): boolean {
  const { type } = fields;
  return (
    SCHEMA_TYPES.has(type) ||
    Array.isArray(type) ||
    SCHEMA_FIELDS.some((field) => Object.hasOwn(fields, field))
  );
}

/** Whether a field of a schema says something of the values, and is none. */
export function describesValues(nameOfField: string): boolean {
  return SCHEMA_WORDS.has(nameOfField);
}

/** Whether the object has a field for a value, and `name` or `key` says that it is a secret: headers are told so. */
export function namesSecret(fields: Fields): boolean {
  if (!("value" in fields || "values" in fields || "Value" in fields)) return false;
  const { name, key, Name, Key } = fields;
  return isSecretName(name) || isSecretName(key) || isSecretName(Name) || isSecretName(Key);
}

/** Whether the field holds what such an object says. */
export function holdsNamedValue(nameOfField: string): boolean {
  return nameOfField === "value" || nameOfField === "values" || nameOfField === "Value";
}

/** What may be a name and its value: a pair of any kind, one of a list of pairs, or Node's raw headers. */
export type PairForm = "pair" | "entry" | "headers";

/** Whether items of the list may be named by the item before them. `holder` is what the list stands in. */
export function pairForm(
  list: readonly unknown[],
  nameOfList: string,
  holder: unknown,
): PairForm | undefined {
  if (nameOfList === "rawHeaders") return "headers";
  if (list.length !== 2 || !isSecretName(list[0])) return undefined;
  return isListOfPairs(holder) ? "entry" : "pair";
}

/** How many items of a list are looked at. */
const LOOKED_AT = 20;

function isListOfPairs(holder: unknown): boolean {
  if (!Array.isArray(holder)) return false;
  const some: readonly unknown[] = holder.slice(0, LOOKED_AT);
  return some.every((item) => Array.isArray(item) && item.length === 2);
}

/** Whether the item is secret for the name before it. Two names in a list are no name and its value. */
export function followsSecretName(
  list: readonly unknown[],
  index: number,
  form: PairForm,
): boolean {
  if (index % 2 === 0 || !isSecretName(list[index - 1])) return false;
  return form !== "pair" || isNoName(list[index]);
}

const NAME = /^[A-Za-z_]+$/;

function isNoName(item: unknown): boolean {
  return typeof item === "string" && !NAME.test(item) && !isSecretName(item);
}

function isSecretName(name: unknown): boolean {
  return typeof name === "string" && kindOfName(name) === "secret";
}
