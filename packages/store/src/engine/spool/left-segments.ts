import { statSync } from "node:fs";
import {
  isWriterAlive,
  listOwners,
  listSegments,
  ownerFolder,
  type SpoolPlace,
} from "./spool-folder.ts";

/** An engine with the store open takes over the records of others within a minute. */
const OLD_MS = 5 * 60_000;

/**
 * Records left in a spool by writers that are gone, for longer than they would stay while the store is open anywhere.
 */
export function findLeftSegments(folder: string): readonly string[] {
  return listOwners(folder).flatMap((owner) => {
    const place = { folder, owner };
    const { bytes, ageMs } = sizeOf(place);
    if (bytes === 0 || ageMs < OLD_MS || isWriterAlive(place)) return [];
    return [
      `${bytes} bytes of records in ${ownerFolder(place)} are not in the store, because the process that recorded them is gone. To store them, open the store for writing with this spool for a minute, for example with "rivulet serve".`,
    ];
  });
}

/** Size of all segments in bytes, and the time since the last write. */
function sizeOf(place: SpoolPlace): { readonly bytes: number; readonly ageMs: number } {
  const stats = listSegments(place).flatMap(
    ({ path }) => statSync(path, { throwIfNoEntry: false }) ?? [],
  );
  const last = stats.reduce((time, { mtimeMs }) => Math.max(time, mtimeMs), 0);
  return {
    bytes: stats.reduce((sum, { size }) => sum + size, 0),
    ageMs: Date.now() - last,
  };
}
