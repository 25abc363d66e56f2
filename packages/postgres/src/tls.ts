import { readFileSync } from "node:fs";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { PostgresTls } from "./options.ts";

/** TLS settings in a form that can be sent to a worker. */
export type TlsSettings =
  | { readonly mode: "off" }
  /** TLS if the server supports it. */
  | ({ readonly mode: "prefer" } & PostgresTls)
  | ({ readonly mode: "on" } & PostgresTls);

/**
 * TLS as an option or libpq's URL parameters say it; with neither, nothing is said.
 *
 * @throws RivuletError `invalid_argument` for an unknown mode, or `verify-ca` without an authority;
 * `store_unavailable` for a file that cannot be read
 */
export function tlsFromParameters(
  parameters: URLSearchParams,
  option: boolean | PostgresTls | undefined,
): { readonly tls?: TlsSettings } {
  if (option === false) return { tls: { mode: "off" } };
  if (option === true) return { tls: { mode: "on" } };
  if (option !== undefined) return { tls: { mode: "on", ...option } };
  const mode = parameters.get("sslmode") ?? process.env["PGSSLMODE"];
  return mode === undefined ? {} : { tls: tlsOf(mode, filesOf(parameters)) };
}

/** libpq's modes with libpq's meaning: `require` encrypts and verifies nothing unless it is given an authority. */
function tlsOf(mode: string, files: PostgresTls): TlsSettings {
  switch (mode) {
    case "disable":
      return { mode: "off" };
    case "allow":
    case "prefer":
      return { mode: "prefer", ...files, rejectUnauthorized: false };
    case "no-verify":
      return { mode: "on", ...files, rejectUnauthorized: false };
    case "require":
      return { mode: "on", ...files, ...verification(files.ca) };
    case "verify-ca":
      if (files.ca === undefined) throw noAuthority();
      return { mode: "on", ...files, verifyName: false };
    case "verify-full":
      return { mode: "on", ...files };
    default:
      throw new RivuletError(
        "invalid_argument",
        `There is no sslmode "${mode}". Modes: disable, prefer, require, verify-ca, verify-full.`,
      );
  }
}

function verification(ca: string | undefined): PostgresTls {
  return ca === undefined ? { rejectUnauthorized: false } : { verifyName: false };
}

function noAuthority(): RivuletError {
  return new RivuletError(
    "invalid_argument",
    "sslmode=verify-ca needs sslrootcert=PATH: anybody can get a certificate from a public authority. Or use verify-full.",
  );
}

function filesOf(parameters: URLSearchParams): PostgresTls {
  const root = parameters.get("sslrootcert");
  return {
    ...read("ca", root === "system" ? null : root),
    ...read("cert", parameters.get("sslcert")),
    ...read("key", parameters.get("sslkey")),
  };
}

function read(name: "ca" | "cert" | "key", path: string | null): PostgresTls {
  if (path === null) return {};
  try {
    return { [name]: readFileSync(path, "utf8") };
  } catch (cause) {
    throw new RivuletError(
      "store_unavailable",
      `Cannot read the certificate ${path}: ${messageOf(cause)}`,
      {
        cause,
        details: { path },
      },
    );
  }
}
