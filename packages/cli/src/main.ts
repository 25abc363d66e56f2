import { Command, CommanderError } from "commander";
import { addBackup } from "./commands/backup.ts";
import { addDemo } from "./commands/demo.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addMcp } from "./commands/mcp.ts";
import { addOpen } from "./commands/open.ts";
import { addRenumber } from "./commands/renumber.ts";
import { addRestore } from "./commands/restore.ts";
import { addServe } from "./commands/serve.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { writeFailure } from "./output.ts";
import { readVersion } from "./version.ts";

const EPILOGUE = `
The store is a URL: sqlite:PATH, json:PATH, memory: or postgres://USER@HOST/DATABASE. Without --store it is the
environment's RIVULET_STORE, else sqlite:./.rivulet/rivulet.db.

Exit codes: 0 all is well, 1 a problem, 2 the command line was not understood.`;

const COMMANDS = [
  addServe,
  addOpen,
  addMcp,
  addDemo,
  addDoctor,
  addBackup,
  addRestore,
  addRenumber,
] as const;

/** Runs one command line. Resolves when the command is over. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = createProgram((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    writeFailure(error);
    return EXIT.problem;
  }
}

function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command("rivulet")
    .description("Experiments, models, prompts, traces and evaluations in your Node process.")
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", EPILOGUE)
    .showHelpAfterError("(rivulet --help tells more)")
    .exitOverride();
  for (const add of COMMANDS) add(program, finish);
  return program;
}
