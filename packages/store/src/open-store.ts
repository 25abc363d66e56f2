import { RivuletError } from "@rivulet/domain";
import { checkOptions } from "./check-options.ts";
import { findDriver } from "./drivers/registry.ts";
import { openSqliteStore } from "./drivers/sqlite/open-sqlite-store.ts";
import { withPlace } from "./files/files-elsewhere.ts";
import { loadDriver, packageOf } from "./load-driver.ts";
import type { OpenStoreOptions } from "./port/open-store-options.ts";
import type { Store } from "./port/store.ts";
import { requireNode } from "./require-node.ts";
import { STORE_OPTIONS } from "./store-options.ts";
import { withoutSecrets } from "./store-url.ts";

/**
 * The drivers that come with this package: scheme → function that opens the path behind the colon. SQLite's has its SQL
 * in a worker; those that run it in this thread are loaded when they are asked for.
 */
const BUILT_IN: Readonly<
  Record<string, (path: string, options: OpenStoreOptions) => Promise<Store> | undefined>
> = {
  memory: (path, options) => (path === "" ? openMemory(options) : undefined),
  sqlite: (path, options) =>
    path === "" || path === ":memory:" ? undefined : openSqliteStore(path, options),
  json: (path, options) => (path === "" ? undefined : openJson(path, options)),
};

async function openMemory(options: OpenStoreOptions): Promise<Store> {
  const { openMemoryStore } = await import("./drivers/memory/open-memory-store.ts");
  return openMemoryStore(options);
}

async function openJson(path: string, options: OpenStoreOptions): Promise<Store> {
  const { openJsonStore } = await import("./drivers/json/open-json-store.ts");
  return openJsonStore(path, options);
}

/**
 * Opens the store at a URL: `sqlite:PATH`, `json:PATH`, `memory:`, or one with a registered driver, such as
 * `postgres://…` with `@rivulet/postgres`, which is imported automatically if installed. Paths are relative to the
 * current folder; missing folders are created. Clients of one thread with the same path share one engine.
 *
 * @throws RivuletError `unsupported` when Node is too old, `invalid_argument` for an unknown URL or a wrong option,
 * `store_unavailable` when the path cannot be read or written, `store_corrupt`, `store_too_new`, `store_locked`
 */
export async function openStore(url: string, given: OpenStoreOptions = {}): Promise<Store> {
  requireNode(process.versions.node);
  checkOptions(given, STORE_OPTIONS);
  const options = url === "memory:" ? given : withPlace(given);
  const [, scheme = "", path = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  const registered = findDriver(scheme);
  if (registered !== undefined) return registered.open(url, options);
  const opening = Object.hasOwn(BUILT_IN, scheme) ? BUILT_IN[scheme]?.(path, options) : undefined;
  if (opening !== undefined) return opening;
  const driver = await loadDriver(scheme);
  if (driver === undefined) throw unknownUrl(String(url), scheme);
  return driver.open(url, options);
}

/** The error for a URL that no driver handles. */
export function unknownUrl(url: string, scheme: string): RivuletError {
  const what = `There is no store at "${withoutSecrets(url)}".`;
  return new RivuletError("invalid_argument", `${what} ${hintFor(url, scheme)}`);
}

function hintFor(url: string, scheme: string): string {
  const library = packageOf(scheme);
  if (library !== undefined) return `Its driver is not installed: npm install ${library}`;
  if (url === "sqlite::memory:") return "The in-memory store is memory:.";
  if (/^[./~]|^[a-z]:[/\\]/i.test(url)) return `For a file, write sqlite:${url}.`;
  return "Supported stores: sqlite:PATH, json:PATH, memory:, and postgres://… with @rivulet/postgres.";
}
