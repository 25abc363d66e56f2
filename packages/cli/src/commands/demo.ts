import { type Command, Option } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { loadDriver } from "../load-driver.ts";
import { openBrowser } from "../open-browser.ts";
import { writeNote } from "../output.ts";
import { parsePort } from "../port.ts";

interface DemoOptions {
  readonly once: boolean;
  readonly port: number;
  readonly host: string;
  readonly store?: string;
  readonly open: boolean;
}

interface DemoModule {
  readonly runDemo: (
    options: Omit<DemoOptions, "open"> & { readonly onReady?: (address: string) => unknown },
  ) => Promise<{ readonly ok: boolean }>;
}

// Not a literal, so that neither TypeScript nor a bundler requires an optional package.
const PACKAGE: string = "@rivulet/demo";

/** Adds `rivulet demo`. */
export function addDemo(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("demo")
    .description(
      "Trains classifiers, runs agents, evaluates prompts and shows it all in the dashboard. Needs the package @rivulet/demo.",
    )
    .option("--once", "do everything, check every result, and end", false)
    .addOption(
      new Option("-p, --port <number>", "port of the dashboard; 0 takes any free one")
        .argParser(parsePort)
        .default(5757),
    )
    .option("--host <name>", "address to listen on", "127.0.0.1")
    .addOption(
      new Option("-s, --store <url>", "keep the demo's records here (default: a fresh place)").env(
        "RIVULET_STORE",
      ),
    )
    .option("--no-open", "do not open the dashboard in the browser at the end")
    .action(async (options: DemoOptions) => finish(await demo(options)));
}

async function demo({ open, ...options }: DemoOptions): Promise<ExitCode> {
  const module = await load();
  if (module === undefined) {
    writeNote(
      `The demo is the package ${PACKAGE}, which is not installed here. Install it with \`npm install ${PACKAGE}\`, or run \`pnpm demo\` in a clone of Rivulet's repository.`,
    );
    return EXIT.problem;
  }
  if (options.store !== undefined) await loadDriver(options.store);
  const { ok } = await module.runDemo(
    open ? { ...options, onReady: (address: string) => openBrowser(address) } : options,
  );
  return ok ? EXIT.ok : EXIT.problem;
}

async function load(): Promise<DemoModule | undefined> {
  try {
    return (await import(PACKAGE)) as DemoModule;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The demo itself is missing, not something that it imports. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`'${PACKAGE}'`)
  );
}
