import { setTimeout as wait } from "node:timers/promises";
import { jsonText, type Rivulet, type Trace } from "@rivulet/core";
import { type Command, InvalidArgumentError } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeLine } from "../output.ts";
import { stopSignal } from "../stop-signal.ts";
import { storeOption } from "../store-option.ts";
import { formatValue } from "../view/format-value.ts";
import { printable } from "../view/printable.ts";
import type { OpenFor, VerbOptions } from "./open-for.ts";
import { addSelection, type Selection } from "./trace-selection.ts";

interface TailOptions extends Selection {
  readonly lines: number;
  readonly count: number;
  readonly store: string;
  readonly json: boolean;
}

/** Changes are looked at together, so often. */
const PAUSE_MS = 200;
/** Traces that one search asks for by their ids. */
const IDS_AT_ONCE = 50;
/** Newest traces that are looked at when the feed does not say which have changed. */
const NEWEST = 100;
/** Printed traces that are remembered, so that a change to one does not print it again. */
const REMEMBERED = 10_000;

/** Adds `traces tail`. */
export function addTraceTail(group: Command, { finish, open }: Required<VerbOptions>): void {
  addSelection(group.command("tail"))
    .description("Prints traces as they end, also those of other processes. Ends on Ctrl+C.")
    .option("-n, --lines <number>", "traces to begin with, up to 1000", parseCount(0, 1000), 10)
    .option("-c, --count <number>", "end after so many traces", parseCount(1), Infinity)
    .addOption(storeOption())
    .option("--json", "print each trace as a line of JSON", false)
    .action(async (options: TailOptions) => finish(await tail({ ...options, open })));
}

function parseCount(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count >= least && count <= most) return count;
    throw new InvalidArgumentError("It is not a number that is possible here.");
  };
}

async function tail(options: TailOptions & { readonly open: OpenFor }): Promise<ExitCode> {
  const { open, store, lines } = options;
  const stop = stopSignal();
  await using rivulet = await open({ id: "traces.search", access: "read" }, store);
  const changed = new Set<string>();
  let isAnyChanged = false;
  const unsubscribe = rivulet.subscribe(({ entity, ids }) => {
    if (entity !== "trace") return;
    if (ids.length === 0 || changed.size >= REMEMBERED) isAnyChanged = true;
    else for (const id of ids) changed.add(id);
  });
  try {
    const print = printer(options);
    if (lines > 0) print(await search(rivulet, options, { limit: lines }));
    while (!stop.aborted && print([]) > 0) {
      await wait(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
      const ids = [...changed];
      changed.clear();
      if (isAnyChanged) print(await search(rivulet, options, { limit: NEWEST }));
      isAnyChanged = false;
      for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
        print(await search(rivulet, options, { ids: ids.slice(at, at + IDS_AT_ONCE) }));
      }
    }
  } finally {
    unsubscribe();
  }
  return EXIT.ok;
}

interface Asked {
  readonly ids?: readonly string[];
  readonly limit?: number;
}

/** The newest traces that match, the oldest of them first. */
async function search(
  rivulet: Rivulet,
  { filter, experimentIds }: Selection,
  { ids, limit = IDS_AT_ONCE }: Asked,
): Promise<readonly Trace[]> {
  const among = ids?.filter((id) => /^\w+$/.test(id)).map((id) => `'${id}'`);
  if (among?.length === 0) return [];
  const conditions = [
    ...(among === undefined ? [] : [`id IN (${among.join(", ")})`]),
    ...(filter === undefined ? [] : [`(${filter})`]),
  ];
  const { items } = await rivulet.traces.search({
    limit,
    ...(conditions.length === 0 ? {} : { filter: conditions.join(" AND ") }),
    ...(experimentIds === undefined ? {} : { experimentIds }),
  });
  return items.toReversed();
}

/** Prints those that have ended, each once. Returns how many may still be printed. */
function printer({ json, count }: TailOptions): (traces: readonly Trace[]) => number {
  const printed = new Set<string>();
  let left = count;
  const isNew = ({ id, status }: Trace): boolean => status !== "in_progress" && !printed.has(id);
  return (traces) => {
    for (const trace of traces.filter(isNew).slice(0, left)) {
      printed.add(trace.id);
      if (printed.size > REMEMBERED) printed.delete(printed.values().next().value ?? "");
      writeLine(json ? jsonText(trace) : describe(trace));
      left -= 1;
    }
    return left;
  };
}

function describe({
  id,
  name,
  status,
  startTime,
  durationMs,
  usage,
  cost,
  ...trace
}: Trace): string {
  const parts = [
    formatValue("startTime", startTime),
    id,
    status,
    formatValue("durationMs", durationMs),
    usage.totalTokens === undefined ? "" : `${usage.totalTokens} tokens`,
    cost === undefined ? "" : `$${formatValue("cost", cost)}`,
    name,
    trace.inputPreview?.slice(0, 80) ?? "",
  ];
  return printable(parts.filter((part) => part !== "").join("  "));
}
