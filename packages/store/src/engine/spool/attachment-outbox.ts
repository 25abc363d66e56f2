import { RivuletError } from "@rivulet/domain";
import { LRUCache } from "lru-cache";
import type { AttachmentBytes } from "../../port/records.ts";
import { atExit } from "./at-exit.ts";
import { createDropReport } from "./drop-report.ts";

/** Files that wait in memory until somebody has them. */
export interface AttachmentOutbox {
  /** Takes a file, once per hash. @returns `false` when there is no room */
  add(file: AttachmentBytes): boolean;
  /** Resolves when everything added so far was handed on, or is lost. */
  flush(): Promise<void>;
  /** How many files were lost. */
  dropped(): number;
  /** Bytes that wait in memory. */
  waitingBytes(): number;
  /** Takes nothing more. */
  close(): void;
}

/** Options of {@link createAttachmentOutbox}. */
export interface AttachmentOutboxParts {
  /** Hands a file on, outside of this thread. @returns `false` when it is not kept */
  readonly send: (file: AttachmentBytes) => Promise<boolean>;
  /** Hands a file on at once: the process ends. @default it cannot be done */
  readonly sendNow?: (file: AttachmentBytes) => void;
  /** Whether so many bytes more have room where they are sent. @default always */
  readonly hasRoom?: (bytes: number) => boolean;
  /** Called with failures; at most every ten seconds with how many files were lost. */
  readonly report: (error: RivuletError) => void;
}

/** Most bytes that wait in memory. */
const WAITING_BYTES = 64 * 1024 ** 2;
/** Files that are handed on at a time. */
const AT_ONCE = 2;
/**
 * A file that was handed on is known for this long: steps of an agent repeat it. Not for longer, because the store may
 * remove a file that nothing refers to.
 */
const KNOWN_MS = 10_000;
const KNOWN_FILES = 1_000;

/** An empty outbox. */
export function createAttachmentOutbox(parts: AttachmentOutboxParts): AttachmentOutbox {
  const { send, sendNow, hasRoom = () => true, report } = parts;
  const known = new LRUCache<string, true>({ max: KNOWN_FILES, ttl: KNOWN_MS });
  const waiting = new Map<string, AttachmentBytes>();
  const sending = new Map<string, Promise<void>>();
  const drops = createDropReport({ why: WHY, what: "file", report });
  let bytes = 0;
  let dropped = 0;
  let isClosed = false;

  const drop = (): false => {
    dropped += 1;
    drops.dropped();
    return false;
  };
  const sendOne = async (file: AttachmentBytes): Promise<void> => {
    try {
      if (await send(file)) known.set(file.hash, true);
      else dropped += 1;
    } catch (error) {
      dropped += 1;
      report(notWritten(error));
    }
    waiting.delete(file.hash);
    bytes -= file.content.byteLength;
    sending.delete(file.hash);
    sendMore();
  };
  const sendMore = (): void => {
    for (const [hash, file] of waiting) {
      if (sending.size >= AT_ONCE) return;
      if (!sending.has(hash)) sending.set(hash, sendOne(file));
    }
  };
  const forget = atExit(() => {
    for (const file of waiting.values()) sendAtEnd(sendNow, file);
  });
  return {
    add(file) {
      const { hash, content } = file;
      if (isClosed) return drop();
      if (known.has(hash) || waiting.has(hash)) return true;
      // One has room whatever its size.
      const isTooMuch = bytes > 0 && bytes + content.byteLength > WAITING_BYTES;
      if (isTooMuch || !hasRoom(content.byteLength)) return drop();
      waiting.set(hash, file);
      bytes += content.byteLength;
      sendMore();
      return true;
    },
    async flush() {
      while (sending.size > 0) await Promise.all(sending.values());
    },
    dropped: () => dropped,
    waitingBytes: () => bytes,
    close() {
      isClosed = true;
      drops.close();
      forget();
    },
  };
}

const WHY = "more files of spans are on their way to the store than may wait for it.";

function sendAtEnd(sendNow: AttachmentOutboxParts["sendNow"], file: AttachmentBytes): void {
  try {
    sendNow?.(file);
  } catch {
    // There is nobody left to report to.
  }
}

function notWritten(cause: unknown): RivuletError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new RivuletError("store_unavailable", `A file of a span was dropped: ${message}`, {
    cause,
  });
}
