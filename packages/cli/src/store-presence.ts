import { RivuletError } from "@rivulet/core";
import { isPostgres } from "./load-driver.ts";
import { writeFailure } from "./output.ts";
import { isThere, storeFile } from "./store-file.ts";

/**
 * For commands that need a store that is there: opening another would make an empty one.
 *
 * @param advice ends the sentence `There is no store at PLACE`
 * @throws RivuletError `not_found` naming the place
 */
export async function requireStore(url: string, advice: string): Promise<void> {
  const place = isPostgres(url) ? await missingInPostgres(url) : await missingFile(url);
  if (place === undefined) return;
  throw new RivuletError("not_found", `There is no store at ${place}${advice}`);
}

async function missingFile(url: string): Promise<string | undefined> {
  const file = storeFile(url);
  return file === undefined || (await isThere(file)) ? undefined : file;
}

async function missingInPostgres(url: string): Promise<string | undefined> {
  const { inspectPostgres } = await import("@rivulet/postgres");
  const { schemaVersion, publicUrl } = await inspectPostgres(url, { onWait: writeFailure });
  return schemaVersion === 0 ? publicUrl : undefined;
}
