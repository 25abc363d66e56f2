import { messageOf, type Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import type { Command } from "commander";
import { storeOption } from "../store-option.ts";
import { addArtifactFiles } from "./artifact-files.ts";
import { decodeValue } from "./decode-value.ts";
import { type Field, fieldsOf } from "./field.ts";
import { fieldOptions, isRepeatable, kebabCase, noteOf } from "./field-option.ts";
import { openFor, type VerbOptions } from "./open-for.ts";
import { isRemoval, type RunOptions, runOperation } from "./run-operation.ts";
import { addTraceExport } from "./trace-export.ts";
import { addTraceTail } from "./trace-tail.ts";

/** Adds the verbs of a group: each is an operation of core's table. */
export function addVerbs(group: Command, { finish, open = openFor }: VerbOptions): void {
  const isOurs = ({ id }: Operation): boolean => id.startsWith(`${group.name()}.`);
  for (const operation of operations.filter(isOurs)) addVerb(group, operation, { finish, open });
  if (group.name() === "artifacts") addArtifactFiles(group, { finish, open });
  if (group.name() === "traces") {
    addTraceExport(group, { finish, open });
    addTraceTail(group, { finish, open });
  }
}

function addVerb(
  group: Command,
  operation: Operation,
  { finish, open }: Required<VerbOptions>,
): void {
  const verb = operation.id.slice(operation.id.indexOf(".") + 1);
  const command = group.command(kebabCase(verb)).description(operation.summary);
  const fields = fieldsOf(operation.input);
  const positional = operation.positional.flatMap((name) =>
    fields.filter((field) => field.name === name),
  );
  const others = fields.filter(({ name }) => !operation.positional.includes(name));

  for (const field of positional) {
    const name = `<${kebabCase(field.name)}${isRepeatable(field) ? "..." : ""}>`;
    command.argument(name, noteOf(field));
  }
  for (const field of others) {
    for (const option of fieldOptions(field)) command.addOption(option);
  }
  if (others.some(({ name }) => name === "pageToken")) {
    command.option("--all", "read all pages, up to 10,000 items");
  }
  if (isRemoval(operation)) command.option("-y, --yes", "do not ask before removing");
  command.addOption(storeOption()).option("--json", "print JSON, as the HTTP API answers", false);

  command.action(async () => {
    const given = new Map<Field, unknown>();
    for (const [at, field] of positional.entries()) given.set(field, command.processedArgs[at]);
    for (const field of others) given.set(field, command.getOptionValue(field.name));
    const input = await decodeInput(command, given);
    const options = command.opts<Omit<RunOptions, "open">>();
    finish(await runOperation(operation, input, { ...options, open }));
  });
}

async function decodeInput(
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
