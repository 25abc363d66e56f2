import type { Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import type { Command } from "commander";
import { storeOption } from "../store-option.ts";
import { addArtifactFiles } from "./artifact-files.ts";
import { decodeInput } from "./decode-input.ts";
import { type Field, fieldsOf } from "./field.ts";
import { fieldOptions, isRepeatable, kebabCase, noteOf } from "./field-option.ts";
import { addModelDownload } from "./model-download.ts";
import { openFor, type VerbOptions } from "./open-for.ts";
import { addFileFormats, addRunExports, exportRuns, fileFormatOf } from "./run-export.ts";
import { isRemoval, type RunOptions, runOperation } from "./run-operation.ts";
import { addTraceExport } from "./trace-export.ts";
import { addTraceTail } from "./trace-tail.ts";

/** Adds the verbs of a group: each is an operation of core's table. */
export function addVerbs(group: Command, { finish, open = openFor }: VerbOptions): void {
  const isOurs = ({ id }: Operation): boolean => kebabCase(id).startsWith(`${group.name()}.`);
  for (const operation of operations.filter(isOurs)) addVerb(group, operation, { finish, open });
  if (group.name() === "runs") addRunExports(group, { finish, open });
  if (group.name() === "artifacts") addArtifactFiles(group, { finish, open });
  if (group.name() === "models") addModelDownload(group, { finish, open });
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
  if (operation.id === "runs.search") addFileFormats(command);
  if (isRemoval(operation)) command.option("-y, --yes", "do not ask before removing");
  command.addOption(storeOption()).option("--json", "print JSON, as the HTTP API answers", false);

  command.action(async () => {
    const given = new Map<Field, unknown>();
    for (const [at, field] of positional.entries()) given.set(field, command.processedArgs[at]);
    for (const field of others) given.set(field, command.getOptionValue(field.name));
    const input = await decodeInput(command, given);
    const options = { ...command.opts<Omit<RunOptions, "open">>(), open };
    const format = fileFormatOf(command);
    finish(
      format === undefined
        ? await runOperation(operation, input, options)
        : await exportRuns(command, { verb: "export", query: { ...input, format } }, options),
    );
  });
}
