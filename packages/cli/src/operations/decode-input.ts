import { messageOf } from "@rivulet/core";
import type { Command } from "commander";
import { decodeValue } from "./decode-value.ts";
import type { Field } from "./field.ts";
import { kebabCase } from "./field-option.ts";

/** The input of an operation, from what commander has read. Ends the command with an error for what cannot be decoded. */
export async function decodeInput(
  command: Command,
  given: ReadonlyMap<Field, unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  const entries: [string, unknown][] = [];
  for (const [field, value] of given) {
    if (value === undefined) continue;
    entries.push([field.name, await decodeGiven(command, field, value)]);
  }
  return Object.fromEntries(entries);
}

/** What commander gives: a flag's value, or the texts of an argument or option. */
async function decodeGiven(command: Command, field: Field, value: unknown): Promise<unknown> {
  if (typeof value === "boolean") return value;
  try {
    return await decodeValue(field, [value].flat() as readonly string[]);
  } catch (error) {
    const flag = kebabCase(field.name);
    const name = command.registeredArguments.some((argument) => argument.name() === flag)
      ? flag
      : `--${flag}`;
    return command.error(`error: ${name}: ${messageOf(error)}`);
  }
}
