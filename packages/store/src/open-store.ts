import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { openSqliteStore, type SqliteTarget } from "./drivers/sqlite/open-sqlite-store.ts";
import type { Journal, Store } from "./port/store.ts";
import { requireNode } from "./require-node.ts";

/** Options of {@link openStore}. */
export interface OpenStoreOptions {
  /** Told of failures that reach no caller, such as a batch that could not be written. */
  readonly onError?: (error: Error) => void;
  /** When the spool's ticks reach the disk: with each event-loop tick, or with each record. @default 'tick' */
  readonly durability?: "tick" | "span";
  /** Characters of spool, or of memory where there is no disk, after which records are dropped. @default 1 GiB (64 MiB in memory) */
  readonly journalBytes?: number;
  /** Do not write, do not create, take no lock. Not for `memory:` and `json:`. @default false */
  readonly readOnly?: boolean;
  /**
   * Called before `openStore` returns its promise, with the journal of a file: what it takes is safe from now
   * on, also when the process is killed while the store is being opened. Not for `memory:` and `readOnly`.
   */
  readonly onJournal?: (journal: Journal) => void;
}

/** Size of a `json:` file above which it takes no more traces. */
const JSON_BYTES = 4 * 1024 * 1024;

/**
 * Opens the store behind a URL: `sqlite:PATH`, `memory:` or `json:PATH`. Paths are taken from the current
 * folder; folders are made.
 *
 * @throws RivuletError `unsupported` on a Node that is too old, `invalid_argument` for an unknown URL, `store_unavailable` when the path cannot be
 * read or written, `store_corrupt`, `store_too_new`, `store_locked`.
 */
export async function openStore(url: string, options: OpenStoreOptions = {}): Promise<Store> {
  requireNode(process.versions.node);
  return openSqliteStore(targetOf(url, options), options);
}

function targetOf(url: string, { readOnly = false }: OpenStoreOptions): SqliteTarget {
  const [, scheme, path = ""] = /^(sqlite|json|memory):(.*)$/s.exec(url) ?? [];
  if (readOnly && (scheme === "memory" || scheme === "json")) {
    throw new RivuletError("unsupported", `readOnly is for sqlite: stores, not for ${scheme}:.`);
  }
  if (scheme === "memory" && path === "")
    return { info: { driver: "memory", url }, database: ":memory:" };
  if (scheme === "sqlite" && path !== "" && path !== ":memory:")
    return sqliteTarget(resolve(path), readOnly);
  if (scheme === "json" && path !== "") return jsonTarget(resolve(path));
  throw new RivuletError(
    "invalid_argument",
    `There is no store at "${withoutSecrets(String(url))}". ${hintFor(String(url))}`,
  );
}

function hintFor(url: string): string {
  if (url === "sqlite::memory:") return "The store in memory is memory:.";
  if (url.startsWith("postgres")) {
    return "PostgreSQL will come with the package @rivulet/postgres; until then take sqlite:PATH.";
  }
  if (/^[./~]|^[a-z]:[/\\]/i.test(url)) return `For a file, write sqlite:${url}.`;
  return "Stores are sqlite:PATH, json:PATH and memory:.";
}

function sqliteTarget(path: string, readOnly: boolean): SqliteTarget {
  if (!readOnly) makeFolderOf(path);
  return {
    info: { driver: "sqlite", url: `sqlite:${path}`, folder: dirname(path) },
    database: path,
    files: { folder: `${path}.files` },
    spoolFolder: `${path}.spool`,
  };
}

function jsonTarget(path: string): SqliteTarget {
  makeFolderOf(path);
  return {
    info: { driver: "json", url: `json:${path}`, folder: dirname(path) },
    database: ":memory:",
    files: { folder: `${path}.files` },
    spoolFolder: `${path}.spool`,
    json: { path, maxBytes: JSON_BYTES },
  };
}

export function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RivuletError(
      "store_unavailable",
      `Cannot make the folder ${join(dirname(path), "/")}: ${reason}`,
      {
        cause,
      },
    );
  }
}

function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//***@");
}
