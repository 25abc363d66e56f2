import { RivuletError } from "@rivulet/core";
import type { AccessLevel } from "./access/access-level.ts";
import type { Auth } from "./access/auth.ts";
import { requireLongEnough } from "./access/secret.ts";
import { checkHandlerOptions } from "./check-handler-options.ts";
import type { HandlerExtension } from "./extensions/extension.ts";

/** Options of `createHandler`. */
export interface HandlerOptions {
  /**
   * Who gets in. `'token'`: anyone who has the token, from anywhere. `'local'`: this machine only, by loopback peer and
   * host; a proxy on it that sends no forwarding header lets everyone in. `'none'`: everyone who can connect.
   * @default this machine only, with the token
   */
  readonly auth?: Auth | "token" | "local" | "none";
  /**
   * The token, 8 characters or more; its holder may do everything.
   * @default `RIVULET_TOKEN`; else one that is kept in a file beside a store on disk; else one of this process
   */
  readonly token?: string;
  /** The most that any caller may do. @default 'admin' */
  readonly access?: AccessLevel;
  /** Nothing can be changed; the same as `access: 'read'`. @default false */
  readonly readOnly?: boolean;
  /**
   * Host names, with port or without, under which this server is known besides the loopback ones.
   * @default any name when `auth` is a function, else none
   */
  readonly allowedHosts?: readonly string[];
  /** Origins, such as `https://app.example`, whose pages may send changes. @default [] */
  readonly trustedOrigins?: readonly string[];
  /** Further endpoints, such as MCP. @default [] */
  readonly extensions?: readonly HandlerExtension[];
  /** With `extensions`, neither dashboard nor API are served, only the extensions, behind the same gates. @default 'everything' */
  readonly serves?: "everything" | "extensions";
  /** Most bytes of a JSON body. @default 10 MiB */
  readonly maxBodyBytes?: number;
  /** Most bytes of an uploaded artifact. @default 256 MiB */
  readonly maxArtifactBytes?: number;
  /** Live views at once. @default 100 */
  readonly maxEventStreams?: number;
  /** Folder of the built dashboard. @default the one in this package */
  readonly uiFolder?: string;
}

/** {@link HandlerOptions} with their defaults. */
export interface Settings
  extends Required<Omit<HandlerOptions, "auth" | "token" | "readOnly" | "uiFolder">> {
  readonly auth: Auth | "token" | "local" | "none" | undefined;
  readonly token: string | undefined;
  readonly uiFolder: string | undefined;
  /** Check what handlers answer against the schemas that are published. */
  readonly checkOutput: boolean;
}

const MIB = 1024 * 1024;

/**
 * Fills the defaults in.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value, in production without
 * `auth` or a token, and for a token that is too short
 */
export function toSettings(options: HandlerOptions): Settings {
  checkHandlerOptions(options);
  const isProduction = process.env["NODE_ENV"] === "production";
  const { auth, readOnly = false, access = "admin" } = options;
  const token = options.token ?? (process.env["RIVULET_TOKEN"] || undefined);
  if (isProduction && auth === undefined && token === undefined) {
    throw new RivuletError(
      "invalid_argument",
      "Rivulet has no `auth` and NODE_ENV is production. Give it an `auth`, such as apiKeyAuth({ keys }), or set RIVULET_TOKEN; auth: 'none' lets everyone who can connect do everything.",
    );
  }
  if (token !== undefined) requireLongEnough(token, "The token (RIVULET_TOKEN)");
  return {
    auth,
    token,
    access: readOnly ? "read" : access,
    allowedHosts: options.allowedHosts ?? [],
    trustedOrigins: options.trustedOrigins ?? [],
    extensions: options.extensions ?? [],
    ...servedBy(options),
    maxBodyBytes: options.maxBodyBytes ?? 10 * MIB,
    maxArtifactBytes: options.maxArtifactBytes ?? 256 * MIB,
    maxEventStreams: options.maxEventStreams ?? 100,
    uiFolder: options.uiFolder,
    checkOutput: !isProduction,
  };
}

function servedBy({ serves = "everything" }: HandlerOptions): Pick<Settings, "serves"> {
  return { serves };
}

/** Whether callers need the token. */
export function asksForToken({ auth }: Pick<Settings, "auth">): boolean {
  return auth === undefined || auth === "token";
}
