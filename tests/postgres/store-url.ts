import "@rivulet/postgres";
import { randomBytes } from "node:crypto";
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
