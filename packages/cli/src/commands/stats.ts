import type { RivuletStats, StoreDescription } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openReadOnly } from "../open-client.ts";
import { writeLine } from "../output.ts";
import { storeOption } from "../store-option.ts";
import { requireStore } from "../store-presence.ts";
import { count, size } from "../view/amounts.ts";
import { retentionText } from "../view/retention-text.ts";

interface StatsOptions {
  readonly store: string;
  readonly json: boolean;
}

/** Adds `rivulet stats`. */
export function addStats(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("stats")
    .description("Says how large a store is, what is in it, and what retention removes.")
    .addOption(storeOption())
    .option("--json", "print them as JSON", false)
    .action(async (options: StatsOptions) => finish(await stats(options)));
}

async function stats({ store, json }: StatsOptions): Promise<ExitCode> {
  await requireStore(store, ".");
  await using rivulet = await openReadOnly(store);
  const { journal } = await rivulet.stats();
  const found = { ...(await rivulet.describeStore()), journal };
  writeLine(json ? JSON.stringify(found, null, 2) : describe(found));
  return EXIT.ok;
}

type Described = StoreDescription & Pick<RivuletStats, "journal">;

function describe({ store, facts, retention, journal }: Described): string {
  const rows = Object.entries(facts.rows).map(([name, number]) => count(number, name));
  return [
    `Store      ${store.url}, schema ${facts.schema}`,
    `Database   ${size(facts.usedBytes)}`,
    `Files      ${size(facts.artifactBytes)} of artifacts, ${size(facts.attachmentBytes)} of traces`,
    `Records    ${rows.join(", ")}`,
    `Queue      ${size(journal.pendingBytes)}, ${count(journal.dropped, "record")} dropped`,
    `Retention  ${retentionText(retention)}`,
  ].join("\n");
}
