import { messageOf } from "@rivulet/core";
import { readKeptToken, tokenPath } from "@rivulet/server";
import { type Command, InvalidArgumentError, Option } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { isLoopback } from "../listen.ts";
import { openBrowser } from "../open-browser.ts";
import { writeFailure, writeLine, writeNote } from "../output.ts";
import { stopSignal } from "../stop-signal.ts";
import { storeOption } from "../store-option.ts";

interface OpenOptions {
  readonly store: string;
  readonly token?: string;
  readonly print: boolean;
}

const ANSWER_MS = 5_000;

/** Adds `rivulet open`. */
export function addOpen(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("open")
    .description(
      "Opens the dashboard of a running app in the browser, with the token of its store. Run it in the app's folder, or name the store.",
    )
    .argument("[url]", "where the dashboard is", parseAddress, new URL("http://localhost:5757/"))
    .addOption(storeOption())
    .addOption(
      new Option("--token <secret>", "the token (default: the one kept beside the store)").env(
        "RIVULET_TOKEN",
      ),
    )
    .option("--print", "print the address with the token, and open nothing", false)
    .action(async (address: URL, options: OpenOptions) => finish(await run(address, options)));
}

async function run(address: URL, options: OpenOptions): Promise<ExitCode> {
  const token = options.token ?? keptToken(address, options);
  const page = new URL(address);
  page.pathname = page.pathname.replace(/\/*$/, "/");
  const { href } = new URL(`#token=${encodeURIComponent(token)}`, page);
  if (options.print) {
    writeLine(href);
    return EXIT.ok;
  }
  const refusal = await findRefusal(page, token);
  if (refusal !== undefined) {
    writeFailure(new Error(refusal));
    return EXIT.problem;
  }
  if (await openBrowser(href, { signal: stopSignal() })) {
    writeNote(`${page.href} is open in your browser. If it is not: rivulet open --print`);
  } else writeLine(href);
  return EXIT.ok;
}

/** @throws Error that says where the token is instead */
function keptToken({ hostname }: URL, { store }: OpenOptions): string {
  if (!isLoopback(hostname.replace(/^\[|\]$/g, ""))) {
    throw new Error(
      "The token beside a store is only for apps on this machine. For another machine, give its token with --token or RIVULET_TOKEN.",
    );
  }
  const path = tokenPath(store);
  const token = path === undefined ? undefined : readKeptToken(path);
  if (token !== undefined) return token;
  throw new Error(
    `There is no token beside ${store}. Run this in the folder of the app, or name its store with --store. With memory:, postgres:// or a read-only store, open the address that the app printed.`,
  );
}

/** Why the token does not open the page; undefined when it does. */
async function findRefusal(page: URL, token: string): Promise<string | undefined> {
  try {
    const { status } = await fetch(new URL("sign-in", page), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (status < 300) return undefined;
    if (status === 401) {
      return `The Rivulet at ${page.href} has another token. Name its store with --store, or open the address that the app printed.`;
    }
    return `There is no Rivulet at ${page.href}: it answered ${status}. Is the mount path right?`;
  } catch (error) {
    return `Nothing answers at ${page.href} (${messageOf(error)}). Is the app running?`;
  }
}

function parseAddress(text: string): URL {
  const address = URL.parse(/^https?:/i.test(text) ? text : `http://${text}`);
  if (address !== null) return address;
  throw new InvalidArgumentError("An address looks like http://localhost:3000/mlops.");
}
