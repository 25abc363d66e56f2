import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { messageOf, RivuletError } from "@rivulet/core";

/** Longer files hold something else. */
const MOST_BYTES = 1024;
const FORM = /^[\w-]{43}$/;
/** Permission bits of everyone but the owner. Windows has none. */
const OTHERS = process.platform === "win32" ? 0 : 0o077;

/** Not through a link, and without waiting for the other end of a pipe. Windows has no such flags. */
const READ_WITHOUT_LINKS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A token that cannot be guessed. */
export function makeToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * The file with the token of a store on disk: `PATH.token` for `sqlite:PATH`, `local/token` in the folder of
 * `json:PATH`. Links are followed, so that every name of a store leads to one token. `undefined` for other
 * stores, and for one that is not there.
 */
export function tokenPath(storeUrl: string): string | undefined {
  const [, scheme, path = ""] = /^(sqlite|json):(.+)$/s.exec(storeUrl) ?? [];
  if (scheme === undefined) return undefined;
  try {
    const real = realpathSync(path);
    return scheme === "json" ? join(real, "local", "token") : `${real}.token`;
  } catch {
    return undefined;
  }
}

/**
 * The token in a file; `undefined` when there is no file.
 *
 * @throws RivuletError `permission_denied` for a file that others can read too or that we cannot, `invalid_argument` for
 * one that holds no token: such a file is neither used nor replaced
 */
export function readKeptToken(path: string): string | undefined {
  const file = openWithoutLinks(path);
  if (file === undefined) return undefined;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw unusable("invalid_argument", path, "it is not a file");
    if ((stats.mode & OTHERS) !== 0) {
      throw unusable("permission_denied", path, "other users can read the file");
    }
    const token = stats.size > MOST_BYTES ? "" : readFileSync(file, "utf8").trim();
    if (FORM.test(token)) return token;
    throw unusable("invalid_argument", path, "the file holds no token");
  } finally {
    closeSync(file);
  }
}

/**
 * The token in a file, which is created if it does not exist. Processes that do this at the same time get the same token.
 *
 * @throws as {@link readKeptToken} does, and Node's own errors when the file cannot be made
 */
export function keepToken(path: string): string {
  return readKeptToken(path) ?? makeFile(path) ?? keepToken(path);
}

/** Creates the file atomically; `undefined` when another process was faster. */
function makeFile(path: string): string | undefined {
  const token = makeToken();
  const unfinished = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(unfinished, `${token}\n`, { flag: "wx", mode: 0o600 });
  try {
    linkSync(unfinished, path);
    return token;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function openWithoutLinks(path: string): number | undefined {
  try {
    return openSync(path, READ_WITHOUT_LINKS);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unusable("permission_denied", path, messageOf(error));
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function unusable(
  code: "permission_denied" | "invalid_argument",
  path: string,
  why: string,
): RivuletError {
  return new RivuletError(
    code,
    `The token in ${path} is ignored: ${why}. Delete the file and restart the app to get a new one.`,
    { details: { path } },
  );
}
