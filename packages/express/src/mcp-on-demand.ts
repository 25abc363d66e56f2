import {
  BOOLEAN,
  checkOptions,
  FUNCTION,
  type OptionChecks,
  type Rivulet,
  TEXT,
} from "@rivulet/core";
import type { HandlerExtension } from "@rivulet/server";
import { isMissing, isNotFound, loadInstalled } from "./installed-package.ts";

/** MCP of a mount: the options of `@rivulet/mcp`, which is loaded with the first request. */
export interface MlopsMcp {
  /** List and run the tools that change something; callers then need `write` access. @default false */
  readonly allowWrites?: boolean;
  /**
   * The alias whose version is served as the MCP prompt; a prompt without it is served at its latest
   * version. @default 'production'
   */
  readonly promptAlias?: string;
  /** Name the server gives itself. @default 'rivulet' */
  readonly name?: string;
  /** Loads the package, where a bundler has to see it: `() => import("@rivulet/mcp")`. @default what is installed */
  readonly load?: LoadMcp;
}

/** Loads `@rivulet/mcp`. */
export type LoadMcp = () => Promise<McpModule>;

/** What is used of `@rivulet/mcp`. */
export interface McpModule {
  /** Creates the extension that serves MCP. */
  mcpExtension(rivulet: Rivulet, options: Omit<MlopsMcp, "load">): HandlerExtension;
}

const PACKAGE = "@rivulet/mcp";
const MISSING = `MCP needs a package that is not installed: npm install ${PACKAGE}`;
/** As much as `@rivulet/mcp` takes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

const MCP: OptionChecks<MlopsMcp> = {
  of: "mcp",
  checks: { allowWrites: BOOLEAN, promptAlias: TEXT, name: TEXT, load: FUNCTION },
};

let isNoticed = false;

/** MCP at `/mcp`, loaded with its first request. Without its package it answers 501 and names what to install. */
export function mcpOnDemand(rivulet: Rivulet, options: MlopsMcp): HandlerExtension {
  checkOptions(options, MCP);
  const { load, ...settings } = options;
  if (load === undefined && isMissing(PACKAGE)) notice();
  let opened: Promise<HandlerExtension> | undefined;
  const open = (): Promise<HandlerExtension> => {
    opened ??= (load ?? loadMcp)().then(({ mcpExtension }) => mcpExtension(rivulet, settings));
    return opened;
  };
  return {
    name: "mcp",
    routes: [
      {
        method: "ANY",
        path: "/mcp",
        access: settings.allowWrites === true ? "write" : "read",
        maxBytes: MAX_BODY_BYTES,
        handle: async (call) => {
          try {
            const [route] = (await open()).routes;
            return await (route as Route).handle(call);
          } catch (error) {
            if (!isNotFound(error, PACKAGE)) throw error;
            opened = undefined;
            return Response.json(rpcError(MISSING), { status: 501 });
          }
        },
      },
    ],
    errorBody: ({ message }) => rpcError(message),
    close: async () => (await opened?.catch(() => undefined))?.close?.(),
  };
}

/** MCP has one route, which reads its requests itself. */
type Route = Extract<HandlerExtension["routes"][number], { readonly body?: "stream" }>;

function loadMcp(): Promise<McpModule> {
  return loadInstalled<McpModule>(PACKAGE);
}

function notice(): void {
  if (isNoticed) return;
  isNoticed = true;
  process.emitWarning(`${MISSING}. \`mcp: false\` says that it is not wanted.`, {
    code: "RIVULET_NO_MCP",
  });
}

/** A JSON-RPC error. */
function rpcError(message: string): object {
  return { jsonrpc: "2.0", error: { code: -32000, message }, id: null };
}
