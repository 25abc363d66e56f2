import type { Rivulet } from "@rivulet/core";
import {
  type Auth,
  type AuthResult,
  createHandler,
  type HandlerContext,
  type HandlerOptions,
} from "@rivulet/server";
import { type NodeListener, toNodeListener } from "@rivulet/server/node";
import type { Request as ExpressRequest, Response as ExpressResponse } from "express";
import { type LoadMcp, type MlopsMcp, mcpOnDemand } from "./mcp-on-demand.ts";
import { type LoadOtel, type MlopsOtlp, otlpOnDemand } from "./otlp-on-demand.ts";

/** Options of {@link mlops}. */
export interface MlopsOptions extends Omit<HandlerOptions, "auth"> {
  /**
   * Who gets in: `apiKeyAuth({ keys })`, or a function that checks the app's own session. `'token'`: anyone who has the
   * token, from anywhere. `'local'`: this machine only; a proxy on it may let everyone in. `'none'`: everyone who can
   * connect.
   * @default this machine only, with the token
   */
  readonly auth?: MlopsAuth | "token" | "local" | "none";
  /**
   * MCP at `/mcp` below the mount, for which `@rivulet/mcp` has to be installed. In a bundled app
   * `() => import("@rivulet/mcp")`; `false` leaves it out. @default read-only
   */
  readonly mcp?: MlopsMcp | LoadMcp | false;
  /**
   * Spans of OpenTelemetry at `/v1/traces` below the mount, for which `@rivulet/otel` has to be installed. In a bundled
   * app `() => import("@rivulet/otel")`; `false` leaves it out. @default taken from callers with `write` access
   */
  readonly otlp?: MlopsOtlp | LoadOtel | false;
}

/** Identifies the caller; `null` or `undefined` when unknown. If it throws, the answer is 500 and nobody gets in. */
export interface MlopsAuth {
  (
    request: Request,
    context: MlopsContext,
  ): AuthResult | null | undefined | Promise<AuthResult | null | undefined>;
  /** `WWW-Authenticate` of the 401, with which a browser asks for a password. */
  readonly challenge?: string;
}

/** A handler's context with Express' own objects: what the app's middleware put on `req` is there. */
export interface MlopsContext extends HandlerContext {
  /** Express' own objects. */
  readonly native: {
    /** Express' request, with whatever earlier middleware has put on it. */
    readonly req: ExpressRequest;
    /** Express' response. Rivulet writes it; read only. */
    readonly res: ExpressResponse;
  };
}

/** Middleware for `app.use(path, …)`. */
export interface MlopsMiddleware extends NodeListener {
  /**
   * The address to open in a browser: that of the mount, such as `http://localhost:3000/mlops`, with the token after `#`
   * where one is needed. Without this call it is printed to stderr once, when the token is first missing.
   */
  signInUrl(address: string): Promise<string>;
  /** Ends live views and MCP sessions, so that the server can stop. The client stays open. */
  close(): Promise<void>;
}

/**
 * Dashboard, API, live events and MCP of a client, for Express 4 and 5. Mount it before body parsers.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value, and in production without
 * `auth` or a token
 */
export function mlops(rivulet: Rivulet, options: MlopsOptions = {}): MlopsMiddleware {
  const { auth, mcp = {}, otlp = {}, extensions = [], ...rest } = options;
  const handler = createHandler(rivulet, {
    ...rest,
    extensions: [
      ...extensions,
      ...(mcp === false ? [] : [mcpOnDemand(rivulet, withLoad(mcp))]),
      ...(otlp === false ? [] : [otlpOnDemand(rivulet, withLoad(otlp))]),
    ],
    // Requests come through Express here, so that the context is Express' one.
    ...(auth === undefined ? {} : { auth: auth as Auth | "token" | "local" | "none" }),
  });
  const listener: NodeListener = toNodeListener(handler);
  return Object.assign(listener, { signInUrl: handler.signInUrl, close: handler.close });
}

function withLoad<T extends object, L>(given: T | (() => L)): T | { readonly load: () => L } {
  return typeof given === "function" ? { load: given } : given;
}
