import { sep } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { resolveStorePath } from "./store-path.ts";

/** What lies beside a store's own file or folder, under its name and one of these endings. */
const BESIDE = [
  ".files",
  ".spool",
  ".owners",
  ".lock",
  ".migrating",
  ".restoring",
  ".moving",
  "-wal",
  "-shm",
  "-journal",
];

/**
 * Checks that neither of two stores lies where the other keeps something.
 *
 * @throws RivuletError `invalid_argument`; what `openStore` throws for a path that it cannot use
 */
export function requireApart(from: string, to: string): void {
  const [source, target] = [pathOf(from), pathOf(to)];
  if (source === undefined || target === undefined) return;
  if (isPartOf(target, source)) throw notApart(to, from);
  if (isPartOf(source, target)) throw notApart(from, to);
}

/** Where a store on this machine's disk is. */
function pathOf(url: string): string | undefined {
  const path = /^(?:sqlite|json):(.+)$/s.exec(url)?.[1];
  return path === undefined || path === ":memory:" ? undefined : resolveStorePath(path);
}

function isPartOf(path: string, store: string): boolean {
  const isIn = (place: string): boolean => path === place || path.startsWith(place + sep);
  return path.startsWith(store + sep) || BESIDE.some((ending) => isIn(store + ending));
}

function notApart(inner: string, outer: string): RivuletError {
  return new RivuletError(
    "invalid_argument",
    `${inner} lies where ${outer} keeps its own files. Choose another place.`,
    { details: { url: inner } },
  );
}
