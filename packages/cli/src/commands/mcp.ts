import { serveStdio } from "@rivulet/mcp";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openClient } from "../open-client.ts";
import { writeFailure } from "../output.ts";
import { stopSignal } from "../stop-signal.ts";
import { isThere, storeFile } from "../store-file.ts";
import { storeOption } from "../store-option.ts";

interface McpOptions {
  readonly store: string;
  readonly allowWrites: boolean;
}

/** Adds `rivulet mcp`. */
export function addMcp(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("mcp")
    .description(
      "Speaks the Model Context Protocol on stdin and stdout, for editors and agents: prompts, runs, models and traces. Ends when the client closes stdin.",
    )
    .addOption(storeOption())
    .option("--allow-writes", "also offer tools that change the store", false)
    .action(async (options: McpOptions) => finish(await mcp(options)));
}

async function mcp({ store, allowWrites }: McpOptions): Promise<ExitCode> {
  const file = storeFile(store);
  if (file !== undefined && !(await isThere(file))) {
    // A new, empty one would look as if nothing had ever been recorded.
    writeFailure(
      new Error(
        `There is no store at ${file}. Give the absolute path of your app's store: --store sqlite:/home/you/app/.rivulet/rivulet.db`,
      ),
    );
    return EXIT.problem;
  }
  await using rivulet = await openClient(store);
  await serveStdio(rivulet, { allowWrites, signal: stopSignal() });
  return EXIT.ok;
}
