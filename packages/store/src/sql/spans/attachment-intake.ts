import type { Backend } from "../../port/backend.ts";
import type { Database, Insert } from "../database.ts";
import type { FileStorage } from "../file-storage.ts";
import { number } from "../values.ts";

/** Options of {@link attachmentIntake}. */
export interface AttachmentIntakeParts {
  readonly storage: FileStorage;
  /** Monotonic clock in milliseconds. @default performance.now */
  readonly now?: () => number;
}

const INSERT: Insert = {
  table: "attachment_files",
  columns: ["hash", "size", "is_stored"],
  conflict: { key: ["hash"], update: ["size", "is_stored"] },
};

const DEFAULT_LIMIT = 1024 ** 3;
/** How long a sum is good for: other processes store and delete as well. */
const SUM_MS = 10_000;

/** Stores files that spans refer to, up to a number of bytes. Returns `false` for a file that has no room. */
export function attachmentIntake(
  database: Database,
  { storage, now = () => performance.now() }: AttachmentIntakeParts,
): Backend["takeAttachment"] {
  let sum = { bytes: 0, at: Number.NEGATIVE_INFINITY };

  const storedBytes = async (): Promise<number> => {
    if (now() - sum.at < SUM_MS) return sum.bytes;
    const [row = {}] = await database.all(
      "SELECT COALESCE(SUM(size), 0) AS bytes FROM attachment_files WHERE is_stored = 1",
    );
    sum = { bytes: number(row, "bytes"), at: now() };
    return sum.bytes;
  };
  const isStored = async (hash: string): Promise<boolean> => {
    const [row = {}] = await database.all("SELECT is_stored FROM attachment_files WHERE hash = ?", [
      hash,
    ]);
    return number(row, "is_stored") === 1;
  };

  return async ({ hash, content }, limit = DEFAULT_LIMIT) => {
    const size = content.byteLength;
    const isKnown = await isStored(hash);
    const hasRoom = isKnown || (await storedBytes()) + size <= limit;
    // Written again even if it is there: that keeps it from being removed before its new reference is seen.
    if (hasRoom) await storage.write(hash, content);
    await database.transaction((sql) => sql.insert(INSERT, [[hash, size, hasRoom ? 1 : 0]]));
    if (hasRoom && !isKnown) sum = { ...sum, bytes: sum.bytes + size };
    return hasRoom;
  };
}
