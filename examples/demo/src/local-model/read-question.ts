import type { JsonSchema } from "./messages.ts";
import type { Instructions } from "./read-instructions.ts";

/** Words that people use for the values of an enumeration. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  mean: ["average", "on average", "typical"],
  minimum: ["smallest", "shortest", "narrowest", "lowest", "least"],
  maximum: ["largest", "longest", "widest", "highest", "most"],
};

const CENTIMETRES: Readonly<Record<string, number>> = { mm: 0.1, cm: 1, in: 2.54 };

/** The arguments of a tool as the question gives them; `undefined` when a required one is missing. */
export function readArguments(
  question: string,
  schema: JsonSchema,
  instructions: Instructions,
): Readonly<Record<string, unknown>> | undefined {
  const properties = Object.entries(schema.properties ?? {});
  const found = properties.flatMap(([name, property]) => {
    const value = readValue(question, { name, property, instructions });
    return value === undefined ? [] : [[name, value] as const];
  });
  const input = Object.fromEntries(found);
  const isComplete = (schema.required ?? []).every((name) => Object.hasOwn(input, name));
  return isComplete && found.length > 0 ? input : undefined;
}

function readValue(
  question: string,
  wanted: {
    readonly name: string;
    readonly property: JsonSchema;
    readonly instructions: Instructions;
  },
): string | number | undefined {
  const { enum: values, type } = wanted.property;
  if (Array.isArray(values)) return readChoice(question, values.map(String));
  return type === "number" ? readMeasure(question, wanted) : undefined;
}

/** The value of the enumeration that the question names, by itself or by another word for it. */
function readChoice(question: string, values: readonly string[]): string | undefined {
  return values.find((value) => {
    const words = [inWords(value), ...(SYNONYMS[value] ?? [])];
    return words.some((word) => new RegExp(`\\b${word}\\b`, "i").test(question));
  });
}

/** The number after the property's name, such as "petal length 14 mm". */
function readMeasure(
  question: string,
  {
    name,
    property,
    instructions,
  }: {
    readonly name: string;
    readonly property: JsonSchema;
    readonly instructions: Instructions;
  },
): number | undefined {
  const pattern = new RegExp(
    `\\b${inWords(name)}\\D{0,12}?(\\d+(?:\\.\\d+)?)\\s*(mm|cm|in)?\\b`,
    "i",
  );
  const match = pattern.exec(question);
  if (match === null) return undefined;
  const number = Number(match[1]);
  const wantsCentimetres = / in cm$/.test(String(property.description));
  if (!instructions.convertsUnits || !wantsCentimetres) return number;
  const factor = CENTIMETRES[match[2]?.toLowerCase() ?? "cm"] ?? 1;
  return Math.round(number * factor * 1_000) / 1_000;
}

/** `petalLength` → `petal length`. */
function inWords(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
