import { Option } from "commander";
import type { Field, FieldKind } from "./field.ts";

/** Placeholders for values in the help. */
const PLACEHOLDERS: Readonly<Record<Exclude<FieldKind, "flag">, string>> = {
  text: "<text>",
  number: "<number>",
  texts: "<text>",
  list: "<json>",
  map: "<key=value>",
  json: "<json>",
  mixed: "<value>",
};

/** The options for a field: one, or two for a boolean. Their values are texts that are decoded later. */
export function fieldOptions(field: Field): readonly Option[] {
  const flag = `--${kebabCase(field.name)}`;
  if (field.kind === "flag") {
    return [
      new Option(flag, noteOf(field)),
      new Option(`--no-${kebabCase(field.name)}`).hideHelp(),
    ];
  }
  const option = new Option(
    `${[...singularFlag(field), flag].join(", ")} ${PLACEHOLDERS[field.kind]}`,
    describe(field),
  ).argParser(collect);
  return [option.makeOptionMandatory(field.isRequired)];
}

/** What a field is, in the help's small letters: `Id of the run` → `id of the run`. */
export function noteOf({ schema: { description = "" } }: Field): string {
  return description.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

/** `pageToken` → `page-token`. */
export function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Whether a field can be given more than once. */
export function isRepeatable({ kind }: Field): boolean {
  return kind === "texts" || kind === "list" || kind === "map";
}

/** `--tag` beside `--tags`: the singular reads better for an option that is repeated. */
function singularFlag(field: Field): readonly string[] {
  const name = kebabCase(field.name);
  if (!isRepeatable(field) || !name.endsWith("s")) return [];
  return [`--${name.replace(/(?<=s)es$|s$/, "")}`];
}

function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function describe(field: Field): string {
  const { minimum, maximum } = field.schema;
  const choices = field.schema.enum ?? field.schema.items?.enum;
  const isBounded = minimum !== undefined && maximum !== undefined && maximum < 1e9;
  const note = noteOf(field);
  const parts = [
    ...(note === "" ? [] : [note]),
    ...(choices === undefined ? [] : [choices.join(", ")]),
    ...(isBounded ? [`${minimum} to ${maximum}`] : []),
    ...(isRepeatable(field) ? ["repeatable"] : []),
    ...(field.isRequired ? ["required"] : []),
  ];
  return parts.join("; ");
}
