import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  type ExportSelection,
  messageOf,
  metricExportSchema,
  type Rivulet,
  runExportSchema,
  type TableFormat,
} from "@rivulet/core";
import { type Command, Option } from "commander";
import type * as z from "zod";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeNote } from "../output.ts";
import { storeOption } from "../store-option.ts";
import { decodeInput } from "./decode-input.ts";
import { fieldsOf } from "./field.ts";
import { fieldOptions } from "./field-option.ts";
import type { OpenFor, VerbOptions } from "./open-for.ts";

/** How an export runs, beside what it is of. */
interface ExportOptions {
  readonly store: string;
  readonly output?: string;
  readonly open: OpenFor;
}

/** The verbs that write files. */
type Verb = "export" | "exportMetrics";

const INPUTS: Readonly<Record<Verb, z.ZodType>> = {
  export: runExportSchema,
  exportMetrics: metricExportSchema,
};

/** Adds `runs export` and `runs export-metrics`. */
export function addRunExports(group: Command, options: Required<VerbOptions>): void {
  addExport(group.command("export"), "export", {
    ...options,
    summary: "Writes runs as a file: CSV, JSON, lines of JSON or Parquet, a row per run.",
  });
  addExport(group.command("export-metrics"), "exportMetrics", {
    ...options,
    summary:
      "Writes all points of the metrics of runs as a file: CSV, JSON, lines of JSON or Parquet.",
  });
}

function addExport(
  command: Command,
  verb: Verb,
  { summary, finish, open }: Required<VerbOptions> & { readonly summary: string },
): void {
  const fields = fieldsOf(INPUTS[verb]);
  command.description(summary);
  for (const field of fields) {
    for (const option of fieldOptions(field)) command.addOption(option);
  }
  command
    .option("-o, --output <file>", "a new file (default: stdout)")
    .addOption(storeOption())
    .action(async () => {
      const given = new Map(fields.map((field) => [field, command.getOptionValue(field.name)]));
      const query = (await decodeInput(command, given)) as unknown as ExportSelection;
      const options = command.opts<Omit<ExportOptions, "open">>();
      finish(await exportRuns(command, { verb, query }, { ...options, open }));
    });
}

/** Adds to `runs search` that what is found is written as a file. */
export function addFileFormats(search: Command): void {
  for (const [format, note] of FORMATS) {
    const others = FORMATS.map(([other]) => other).filter((other) => other !== format);
    search.addOption(new Option(`--${format}`, note).conflicts(["json", "all", ...others]));
  }
  search.option(
    "-o, --output <file>",
    "with --csv, --jsonl or --parquet: a new file (default: stdout)",
  );
}

const FORMATS: readonly (readonly [format: TableFormat, note: string])[] = [
  ["csv", "write all that is found as CSV, or as much as --limit says"],
  ["jsonl", "the same as lines of JSON"],
  ["parquet", "the same as Parquet"],
];

/** The format that `runs search` was asked for, if any. */
export function fileFormatOf(search: Command): TableFormat | undefined {
  return FORMATS.map(([format]) => format).find((format) => search.getOptionValue(format) === true);
}

interface Asked {
  readonly verb: Verb;
  readonly query: ExportSelection;
}

/** Writes the file, no faster than it can be written. */
export async function exportRuns(
  command: Command,
  { verb, query }: Asked,
  { store, output, open }: ExportOptions,
): Promise<ExitCode> {
  if (query.format === "parquet" && output === undefined && process.stdout.isTTY) {
    return command.error("error: --output: Parquet is no text; name a file for its bytes");
  }
  await using rivulet: Rivulet = await open({ id: `runs.${verb}`, access: "read" }, store);
  const bytes = await rivulet.runs[verb](query);
  if (output === undefined) {
    for await (const piece of bytes) {
      if (!process.stdout.write(piece)) await once(process.stdout, "drain");
    }
    return EXIT.ok;
  }
  const file = createWriteStream(output, { flags: "wx", mode: 0o600 });
  await pipeline(Readable.from(bytes), file).catch((error: unknown) => {
    if (!isOfFile(error)) throw error;
    command.error(`error: --output: cannot be written (${messageOf(error)})`);
  });
  writeNote(`${file.bytesWritten} bytes: ${output}`);
  return EXIT.ok;
}

function isOfFile(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
