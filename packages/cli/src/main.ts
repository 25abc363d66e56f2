import { Command, CommanderError } from "commander";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { GROUPS } from "./operations/groups.ts";
import type { OpenFor } from "./operations/open-for.ts";
import { withOptionsLast } from "./options-last.ts";
import { readVersion } from "./version.ts";

const EPILOGUE = `
The store is a URL: sqlite:PATH, json:PATH, memory: or postgres://USER@HOST/DATABASE. Without --store it is the
environment's RIVULET_STORE, else sqlite:./.rivulet/rivulet.db. --store and --json may also stand before the command.
RIVULET_ARTIFACTS=s3://BUCKET/PREFIX says where the files of artifacts are, if not beside the store.

Exit codes: 0 all is well, 1 a problem, 2 the command line was not understood.`;

type Finish = (code: ExitCode) => void;

/** A command that is loaded when the command line names it. */
interface LazyCommand {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(program: Command, finish: Finish) => void>;
}

const COMMANDS: readonly LazyCommand[] = [
  {
    name: "serve",
    summary: "show the dashboard, with API and MCP",
    load: async () => (await import("./commands/serve.ts")).addServe,
  },
  {
    name: "open",
    summary: "open the dashboard of a running app, signed in",
    load: async () => (await import("./commands/open.ts")).addOpen,
  },
  {
    name: "mcp",
    summary: "offer the store to MCP clients over stdio",
    load: async () => (await import("./commands/mcp.ts")).addMcp,
  },
  {
    name: "demo",
    summary: "see everything at work on real data",
    load: async () => (await import("./commands/demo.ts")).addDemo,
  },
  {
    name: "doctor",
    summary: "check this machine and the store",
    load: async () => (await import("./commands/doctor.ts")).addDoctor,
  },
  {
    name: "stats",
    summary: "sizes, queue, and what retention removes",
    load: async () => (await import("./commands/stats.ts")).addStats,
  },
  {
    name: "backup",
    summary: "copy everything of one moment into a folder",
    load: async () => (await import("./commands/backup.ts")).addBackup,
  },
  {
    name: "restore",
    summary: "bring a backup back",
    load: async () => (await import("./commands/restore.ts")).addRestore,
  },
  {
    name: "migrate",
    summary: "bring everything of a store into another one",
    load: async () => (await import("./commands/migrate.ts")).addMigrate,
  },
  {
    name: "import",
    summary: "take over what another tool has recorded: import mlflow PATH",
    load: async () => (await import("./commands/import.ts")).addImport,
  },
  {
    name: "gc",
    summary: "remove what was deleted for good",
    load: async () => (await import("./commands/gc.ts")).addGc,
  },
  {
    name: "renumber",
    summary: "give a version of a json: project another number",
    load: async () => (await import("./commands/renumber.ts")).addRenumber,
  },
];

/** Options of {@link main}. */
export interface MainOptions {
  /** Opens the client of an operation. @default the store of `--store` */
  readonly open?: OpenFor;
}

/** Runs one command line. Resolves when the command is over. */
export async function main(given: readonly string[], options: MainOptions = {}): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const args = withOptionsLast(given);
  const asJson = args.includes("--json");
  const program = createProgram(asJson);
  try {
    const finish = (result: ExitCode): void => {
      code = result;
    };
    await addCommands(program, args, finish);
    await addGroups(program, args, { ...options, finish });
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    return reportFailure(error, asJson);
  }
}

function createProgram(asJson: boolean): Command {
  const program = new Command("rivulet")
    .description("Experiments, models, prompts, traces and evaluations in your Node process.")
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", EPILOGUE)
    // A version among the options of a command is that command's.
    .enablePositionalOptions()
    .exitOverride();
  // With --json, an error is printed only once, at the end, as JSON.
  return asJson
    ? program.configureOutput({ outputError: () => undefined })
    : program.showHelpAfterError("(see rivulet --help)");
}

/** Loads the command that is named; of the others only names are added, for `--help` and for suggestions. */
async function addCommands(
  program: Command,
  args: readonly string[],
  finish: Finish,
): Promise<void> {
  for (const { name, summary, load } of COMMANDS) {
    if (isNamed(name, args)) (await load())(program, finish);
    else program.command(name);
    program.commands.at(-1)?.summary(summary);
  }
}

/** Adds the groups of verbs. */
async function addGroups(
  program: Command,
  args: readonly string[],
  options: MainOptions & { readonly finish: Finish },
): Promise<void> {
  program.commandsGroup("Records (each with verbs: rivulet runs --help):");
  for (const { name, summary } of GROUPS) {
    const group = program.command(name).summary(summary);
    if (!isNamed(name, args)) continue;
    const { addVerbs } = await import("./operations/add-verbs.ts");
    addVerbs(group, options);
    if (name !== "models") continue;
    const { addModelsServe } = await import("./commands/models-serve.ts");
    addModelsServe(group, options.finish);
  }
}

/** The command is the first word, or the second after `help`. */
function isNamed(name: string, args: readonly string[]): boolean {
  return args.slice(0, 2).includes(name);
}

async function reportFailure(error: unknown, asJson: boolean): Promise<ExitCode> {
  const isUsage = error instanceof CommanderError;
  const { writeFailure, writeFailureAsJson, writeUsageAsJson } = await import("./output.ts");
  if (!asJson && !isUsage) writeFailure(error);
  if (asJson) isUsage ? writeUsageAsJson(error.message) : writeFailureAsJson(error);
  return isUsage ? EXIT.usage : EXIT.problem;
}
