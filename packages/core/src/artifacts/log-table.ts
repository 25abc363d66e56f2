import { setTimeout as pause } from "node:timers/promises";
import { RivuletError, toRivuletError } from "@rivulet/domain";
import type { ArtifactKey } from "@rivulet/store";
import type { Context } from "../context.ts";
import { checkArtifactPath } from "./artifact-path.ts";
import { exactJson } from "./exact-json.ts";
import { putArtifact } from "./put-artifact.ts";
import { readArtifact } from "./read-artifact.ts";
import { appended, parseTable, readTable, type Table } from "./table.ts";

/** Attempts while other processes append to the same table. */
const MOST_TRIES = 50;
const PAUSE_MS = 10;

/**
 * The rows as they are now, with NaN and ±Infinity by their names: a diverged row is no reason to fail.
 *
 * @throws RivuletError `invalid_argument` for what is no table, or what JSON would change otherwise
 */
export function takeTable(data: unknown, path: string): Table {
  return readTable(JSON.parse(exactJson(data, path, { namesNonFinite: true })), path);
}

/** Appends to a table, or makes it. Each replaces only what it has read, so that appends by many lose nothing. */
export async function logTable(
  context: Context,
  { runId, path: given }: ArtifactKey,
  added: Table,
): Promise<void> {
  const path = checkArtifactPath(given);
  for (let tries = 1; ; tries += 1) {
    const before = await tableAt(context, { runId, path });
    const content = before === undefined ? added : appended(before.table, added, path);
    try {
      const replaces = before?.sha256 ?? null;
      await putArtifact(context, { runId, path, content, contentType: JSON_TYPE }, { replaces });
      return;
    } catch (error) {
      if (toRivuletError(error).details["replaced"] !== true || tries === MOST_TRIES) throw error;
      await pause(context.random() * PAUSE_MS * tries);
    }
  }
}

const JSON_TYPE = "application/json";

async function tableAt(
  context: Context,
  key: ArtifactKey,
): Promise<{ readonly table: Table; readonly sha256: string } | undefined> {
  try {
    const { content, sha256 } = await readArtifact(await context.store(), key);
    return { table: parseTable(Buffer.from(content).toString(), key.path), sha256 };
  } catch (error) {
    if (error instanceof RivuletError && error.code === "not_found") return undefined;
    throw error;
  }
}
