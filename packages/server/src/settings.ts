import { LIMITS, RivuletError } from "@rivulet/core";
import type { AccessLevel } from "./access/access-level.ts";
import type { Auth } from "./access/auth.ts";
import type { HandlerExtension } from "./extensions/extension.ts";

/** Options of `createHandler`. */
export interface HandlerOptions {
  /**
   * Who may come in. `'none'` opens the door to everyone who can connect.
   * @default only this machine: loopback address, loopback host name, no proxy in between
   */
  readonly auth?: Auth | "none";
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
export interface Settings extends Required<Omit<HandlerOptions, "auth" | "readOnly" | "uiFolder">> {
  readonly auth: Auth | "none" | undefined;
  readonly uiFolder: string | undefined;
  /** Check what handlers answer against the schemas that are published. */
  readonly checkOutput: boolean;
}

const MIB = 1024 * 1024;

/**
 * Fills the defaults in.
 *
 * @throws RivuletError `invalid_argument` in production without `auth`
 */
export function toSettings(options: HandlerOptions): Settings {
  const isProduction = process.env["NODE_ENV"] === "production";
  const { auth, readOnly = false, access = "admin" } = options;
  if (isProduction && auth === undefined) {
    throw new RivuletError(
      "invalid_argument",
      "Rivulet has no `auth` and NODE_ENV is production. Give it an `auth`, such as apiKeyAuth({ keys }), or say auth: 'none' if everyone who can connect may do everything.",
    );
  }
  return {
    auth,
    access: readOnly ? "read" : access,
    allowedHosts: options.allowedHosts ?? [],
    trustedOrigins: options.trustedOrigins ?? [],
    extensions: options.extensions ?? [],
    maxBodyBytes: options.maxBodyBytes ?? 10 * MIB,
    maxArtifactBytes: Math.min(options.maxArtifactBytes ?? 256 * MIB, LIMITS.artifactBytes),
    maxEventStreams: options.maxEventStreams ?? 100,
    uiFolder: options.uiFolder,
    checkOutput: !isProduction,
  };
}
