import "@rivulet/postgres";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { OpenStoreOptions } from "@rivulet/core";
import { aFolder, type OpenedStore, opened } from "../store/folder.ts";
import { serverUrl } from "./server-url.ts";

/** URL of a store that is not there yet. Each lies in a schema of its own. */
export async function aStoreUrl(
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  return storeUrlAt(await serverUrl(), parameters);
}

/** The same, on the server at a URL. */
export function storeUrlAt(
  server: string,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const url = new URL(server);
  url.searchParams.set("schema", `test_${randomBytes(6).toString("hex")}`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** A store that is closed after the test, with a spool of its own. */
export async function openedPostgres(
  url: string,
  options: OpenStoreOptions = {},
): Promise<OpenedStore> {
  return opened(url, { spool: join(await aFolder(), "spool"), ...options });
}
