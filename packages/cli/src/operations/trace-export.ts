import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import {
  jsonText,
  messageOf,
  paginate,
  type Rivulet,
  RivuletError,
  type Trace,
} from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeNote } from "../output.ts";
import { stopSignal } from "../stop-signal.ts";
import { storeOption } from "../store-option.ts";
import type { OpenFor, VerbOptions } from "./open-for.ts";
import { findResumePoint, type ResumePoint } from "./resume-point.ts";
import { addSelection, type Selection } from "./trace-selection.ts";

interface ExportOptions extends Selection {
  readonly output?: string;
  readonly resume?: boolean;
  readonly store: string;
}

/** Summaries that are read at once. */
const PAGE_SIZE = 100;

/** Adds `traces export`. */
export function addTraceExport(group: Command, { finish, open }: Required<VerbOptions>): void {
  const command = addSelection(group.command("export"))
    .description(
      "Writes traces as lines of JSON, oldest first: each with its spans, their bodies, and what was said of it.",
    )
    .option("-o, --output <file>", "a new file (default: stdout)")
    .option(
      "--resume",
      "go on behind the last trace of the file, which an earlier export has begun",
    )
    .addOption(storeOption());
  command.action(async (options: ExportOptions) =>
    finish(await exportTraces(command, { ...options, open })),
  );
}

async function exportTraces(
  command: Command,
  { output, resume = false, store, open, ...selection }: ExportOptions & { readonly open: OpenFor },
): Promise<ExitCode> {
  if (resume && output === undefined) {
    return command.error("error: --resume: needs the file to go on with: --output FILE");
  }
  const unusable = (error: unknown): never =>
    command.error(`error: --output: cannot be written (${messageOf(error)})`);
  await using rivulet = await open({ id: "traces.search", access: "read" }, store);
  const point =
    resume && output !== undefined ? await findResumePoint(output).catch(unusable) : undefined;
  const target =
    output === undefined ? process.stdout : await openFile(output, resume).catch(unusable);
  const count = await writeTraces(rivulet, target, { selection, point });
  if (output !== undefined) {
    target.end();
    await finished(target);
  }
  writeNote(`${count} traces${output === undefined ? "" : `: ${output}`}`);
  return EXIT.ok;
}

/** A new file, or one that is gone on with. @throws Error when there is one, or when it cannot be written */
async function openFile(path: string, resume: boolean): Promise<Writable> {
  const file = createWriteStream(path, { flags: resume ? "a" : "wx", mode: 0o600 });
  await once(file, "open");
  return file;
}

interface Exported {
  readonly selection: Selection;
  readonly point: ResumePoint | undefined;
}

/** One trace after the other, no faster than they can be written. Ends early, behind a whole line, on Ctrl+C. */
async function writeTraces(
  rivulet: Rivulet,
  target: Writable,
  { selection, point }: Exported,
): Promise<number> {
  const stop = stopSignal();
  const query = { ...selectionFrom(selection, point), orderBy: ["startTime ASC", "id ASC"] };
  let count = 0;
  for await (const trace of paginate(rivulet.traces.search, { ...query, limit: PAGE_SIZE })) {
    if (stop.aborted) break;
    if (point !== undefined && !isBehind(trace, point)) continue;
    const line = await lineOf(rivulet, trace);
    if (line === undefined) continue;
    count += 1;
    if (!target.write(`${line}\n`)) await once(target, "drain");
  }
  return count;
}

function selectionFrom(
  { filter, ...others }: Selection,
  point: ResumePoint | undefined,
): Selection {
  const since = point === undefined ? undefined : `startTime >= ${point.startTime}`;
  const given = filter === undefined ? undefined : `(${filter})`;
  const parts = [since, given].filter((part) => part !== undefined);
  return parts.length === 0 ? others : { ...others, filter: parts.join(" AND ") };
}

function isBehind({ startTime, id }: Trace, point: ResumePoint): boolean {
  return startTime > point.startTime || (startTime === point.startTime && id > point.id);
}

/** `undefined` for a trace that was deleted meanwhile. */
async function lineOf(rivulet: Rivulet, trace: Trace): Promise<string | undefined> {
  try {
    const spans = await rivulet.traces.loadSpans(trace.id);
    const assessments = await rivulet.traces.listAssessments({ traceIds: [trace.id] });
    return jsonText({ ...trace, spans, assessments });
  } catch (error) {
    if (error instanceof RivuletError && error.code === "not_found") return undefined;
    throw error;
  }
}
