import { type Renumbered, renumberVersion } from "@rivulet/core";
import { type Command, InvalidArgumentError } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeLine } from "../output.ts";

interface RenumberOptions {
  readonly to?: number;
  readonly alias: readonly string[];
  readonly json: boolean;
}

/** Adds `rivulet renumber`. */
export function addRenumber(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("renumber")
    .description(
      "Renumbers a version of a prompt or model in a json: project: two merged branches may have used the same number. Only files are changed; apps that have the project open read them again.",
    )
    .argument("<file>", "the version's file, such as PROJECT/prompts/NAME/v2-0123456789.json")
    .option(
      "--to <number>",
      "the new number (default: the first that was never given)",
      parseNumber,
    )
    .option("--alias <name...>", "aliases of the old number that mean this version", [])
    .option("--json", "print what was done as JSON", false)
    .action(async (file: string, options: RenumberOptions) =>
      finish(await renumber(file, options)),
    );
}

async function renumber(file: string, { to, alias, json }: RenumberOptions): Promise<ExitCode> {
  const done = await renumberVersion(file, { ...(to !== undefined && { to }), aliases: alias });
  writeLine(json ? JSON.stringify(done, null, 2) : describe(done));
  return EXIT.ok;
}

function parseNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number from 1.");
}

function describe({ path, name, from, to, moved, left }: Renumbered): string {
  const lines = [`Version ${from} of ${name} is version ${to} now: ${path}`];
  if (moved.length > 0) lines.push(`Point to ${to} now: ${moved.join(", ")}`);
  if (left.length > 0) {
    lines.push(
      `Point to the other version ${from}: ${left.join(", ")}. If they mean this one, move them: prompts.setAlias, models.setAlias.`,
    );
  }
  return lines.join("\n");
}
