import { once } from "node:events";
import { createServer } from "node:http";
import type { Rivulet } from "@rivulet/core";
import { mcpExtension } from "@rivulet/mcp";
import { otlp } from "@rivulet/otel";
import { createHandler, type HandlerOptions } from "@rivulet/server";
import { toNodeListener } from "@rivulet/server/node";
import { type Command, Option } from "commander";
import colors from "picocolors";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { isLoopback, listen, stopListening } from "../listen.ts";
import { openClient } from "../open-client.ts";
import { writeFailure, writeLine } from "../output.ts";
import { parsePort } from "../port.ts";
import { stopSignal } from "../stop-signal.ts";
import { storeOption } from "../store-option.ts";

interface ServeOptions {
  readonly store: string;
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly allowWrites?: boolean;
}

/** So that an address that is too long is answered by Rivulet, in JSON: Node would end the connection at 16 kB. */
const MOST_HEADER_BYTES = 65_536;

/** Adds `rivulet serve`. */
export function addServe(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command("serve")
    .description(
      "Serves the dashboard, the API and MCP (at /mcp) for a store, and takes OTLP (at /v1/traces), without an app. Ends on Ctrl+C.",
    )
    .addOption(storeOption())
    .addOption(
      new Option("-p, --port <number>", "port; 0 takes any free one")
        .argParser(parsePort)
        .default(5757),
    )
    .option("--host <name>", "address to listen on", "127.0.0.1")
    .addOption(
      new Option(
        "--token <secret>",
        "let in anyone who has it (at least 8 characters), also through proxies (default: this machine only, with the token kept beside the store)",
      ).env("RIVULET_TOKEN"),
    )
    .option("--allow-writes", "let callers change the store (default on 127.0.0.1)")
    .option("--no-allow-writes", "let callers only read")
    .action(async (options: ServeOptions) => finish(await serve(options)));
}

async function serve(options: ServeOptions): Promise<ExitCode> {
  const missing = tokenIsMissing(options);
  if (missing !== undefined) {
    writeFailure(missing);
    return EXIT.usage;
  }
  const stop = stopSignal();
  await using rivulet = await openClient(options.store);
  await using site = createSite(rivulet, options);
  const url = await listen(site.server, options);
  const { store } = await rivulet.stats();
  writeLine(`${colors.bold("Rivulet")} shows ${store.url} at`);
  // A token that was given is not written to logs.
  writeLine(colors.cyan(options.token === undefined ? await site.signInUrl(url) : url));
  writeLine(colors.dim("Ctrl+C ends it."));
  if (!stop.aborted) await once(stop, "abort");
  return EXIT.ok;
}

function tokenIsMissing({ host, token }: ServeOptions): string | undefined {
  if (token !== undefined) return undefined;
  const give = "give a --token that they must know, or set RIVULET_TOKEN.";
  if (!isLoopback(host)) return `${host} can be reached by others: ${give}`;
  if (process.env["NODE_ENV"] !== "production") return undefined;
  return `NODE_ENV is production, where others may get here through a proxy: ${give}`;
}

interface Site extends AsyncDisposable {
  readonly server: ReturnType<typeof createServer>;
  readonly signInUrl: (address: string) => Promise<string>;
}

function createSite(rivulet: Rivulet, options: ServeOptions): Site {
  const allowWrites = options.allowWrites ?? isLoopback(options.host);
  const handler = createHandler(rivulet, {
    ...doorOf(options),
    access: allowWrites ? "admin" : "read",
    extensions: [mcpExtension(rivulet, { allowWrites }), otlp(rivulet)],
  });
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES }, toNodeListener(handler));
  return {
    server,
    signInUrl: handler.signInUrl,
    [Symbol.asyncDispose]: async () => {
      await handler.close();
      if (server.listening) await stopListening(server);
    },
  };
}

function doorOf({ token }: ServeOptions): Pick<HandlerOptions, "auth" | "token"> {
  return token === undefined ? {} : { auth: "token", token };
}
