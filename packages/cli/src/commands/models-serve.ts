import { once } from "node:events";
import { createServer } from "node:http";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type Rivulet, RivuletError } from "@rivulet/core";
import { createHandler, type HandlerExtension } from "@rivulet/server";
import { toNodeListener } from "@rivulet/server/node";
import { type ModelLoader, type ModelServer, serveModel } from "@rivulet/serving";
import { type Command, InvalidArgumentError, Option } from "commander";
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
  readonly loader?: string;
  readonly maxBody: number;
  readonly maxRows: number;
  readonly concurrency: number;
  readonly loadTimeout: number;
  readonly grace: number;
}

const MIB = 1024 * 1024;

/** Adds `rivulet models serve`. */
export function addModelsServe(group: Command, finish: (code: ExitCode) => void): void {
  group
    .command("serve")
    .summary("score rows over HTTP with a model")
    .description(
      "Answers MLflow's scoring protocol with a model version: POST /invocations, GET /ping, /health and /version. When its alias moves, the new version takes over. Ends on Ctrl+C.",
    )
    .argument("<reference>", "NAME@ALIAS, NAME@VERSION, or NAME for the latest version")
    .addOption(storeOption())
    .addOption(
      new Option("-p, --port <number>", "port; 0 takes any free one")
        .argParser(parsePort)
        .default(5758),
    )
    .option("--host <name>", "address to listen on", "127.0.0.1")
    .addOption(
      new Option(
        "--token <secret>",
        "let in anyone who sends it as a bearer token (default: this machine only, without a token)",
      ).env("RIVULET_TOKEN"),
    )
    .option(
      "--loader <file>",
      "module that exports load(files), which gives an object with predict(rows) (default: ONNX and TensorFlow.js)",
    )
    .option("--max-body <bytes>", "most bytes of a request", wholeNumber, 10 * MIB)
    .option("--max-rows <number>", "most rows of a request", wholeNumber, 10_000)
    .option("--concurrency <number>", "requests that are predicted at once", wholeNumber, 4)
    .option(
      "--load-timeout <seconds>",
      "how long loading a version may take; one that takes longer is not served",
      wholeNumber,
      300,
    )
    .option(
      "--grace <seconds>",
      "how long requests that run have left when it is to end",
      wholeNumber,
      10,
    )
    .action(async (reference: string, options: ServeOptions) =>
      finish(await serve(reference, options)),
    );
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

async function serve(reference: string, options: ServeOptions): Promise<ExitCode> {
  const { host, token } = options;
  if (token === undefined && !isLoopback(host)) {
    writeFailure(
      `${host} can be reached by others: give a --token that they must know, or set RIVULET_TOKEN.`,
    );
    return EXIT.usage;
  }
  const stop = stopSignal();
  await using rivulet = await openClient(options.store);
  const loader = options.loader === undefined ? {} : { loader: await loaderIn(options.loader) };
  const loading = serveModel(rivulet, {
    reference,
    ...loader,
    maxBodyBytes: options.maxBody,
    maxRows: options.maxRows,
    concurrency: options.concurrency,
    loadTimeoutMs: options.loadTimeout * 1_000,
  });
  const model = await loadedBefore(stop, loading);
  if (model === undefined) return endAnyway(EXIT.ok);
  const server = createServer(toNodeListener(handlerOf(rivulet, model, options)));
  try {
    const url = await listen(server, options);
    const { model: name, version } = model.served();
    writeLine(`${colors.bold("Rivulet")} serves ${name}, version ${version}, at`);
    writeLine(colors.cyan(`${url}invocations`));
    writeLine(colors.dim("Ctrl+C ends it."));
    await aborted(stop);
  } catch (error) {
    await model.close();
    throw error;
  }
  const isDone = await closedWithin(options.grace, model);
  await stopListening(server);
  if (isDone) return EXIT.ok;
  writeFailure(`Requests were broken off: they were not done after ${options.grace} seconds.`);
  return endAnyway(EXIT.problem);
}

/** Answers what is being predicted first, but a model may never be done. */
async function closedWithin(seconds: number, model: ModelServer): Promise<boolean> {
  const done = new AbortController();
  const late = pause(seconds * 1_000, false, { signal: done.signal }).catch(() => false);
  const isDone = await Promise.race([model.close().then(() => true), late]);
  done.abort();
  return isDone;
}

/** A model that is never loaded, or never done, does not keep the process alive. */
function endAnyway(code: ExitCode): ExitCode {
  setTimeout(() => process.exit(code), LAST_MS).unref();
  return code;
}

/** What the store still has to write is written by then. */
const LAST_MS = 3_000;

/** What is loaded; `undefined` when the signal comes first: a loader may never be done, and keep nothing alive. */
async function loadedBefore(
  stop: AbortSignal,
  loading: Promise<ModelServer>,
): Promise<ModelServer | undefined> {
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await Promise.race([loading, aborted(stop)]);
  } finally {
    clearInterval(alive);
  }
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, "abort");
}

function handlerOf(
  rivulet: Rivulet,
  model: ModelServer,
  { token, maxBody }: ServeOptions,
): ReturnType<typeof createHandler> {
  return createHandler(rivulet, {
    ...(token === undefined ? { auth: "local" } : { auth: "token", token }),
    serves: "extensions",
    access: "read",
    extensions: [extensionOf(model, maxBody)],
  });
}

function extensionOf(model: ModelServer, maxBytes: number): HandlerExtension {
  const paths = ["POST /invocations", "GET /ping", "GET /health", "GET /version"];
  return {
    name: "scoring",
    prefixes: ["/invocations"],
    routes: paths.map((route) => {
      const [method, path = ""] = route.split(" ");
      return {
        method: method as "GET" | "POST",
        path,
        // Whether it is there at all is what load balancers ask.
        access: path === "/ping" || path === "/health" ? "public" : "read",
        maxBytes,
        handle: ({ request, context }) => model.handle(request, context),
      };
    }),
    errorBody: ({ message }) => ({ error_code: "BAD_REQUEST", message }),
  };
}

/** The `load` that a module exports. @throws RivuletError `invalid_argument` when there is none */
async function loaderIn(file: string): Promise<ModelLoader> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as {
    readonly load?: ModelLoader;
  };
  if (typeof module.load === "function") return module.load;
  throw new RivuletError("invalid_argument", `${file} exports no function load(files).`);
}
