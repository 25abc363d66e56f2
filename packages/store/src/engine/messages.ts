import type { ErrorCode } from "@rivulet/domain";
import type { FileTreeOptions } from "../files/file-tree.ts";
import type { StoreChange } from "../port/store.ts";
import type { SpoolPlace } from "./spool/spool-folder.ts";

/** What a worker is started with. */
export interface WorkerSetup {
  readonly role: "writer" | "reader";
  /** The engine's id. */
  readonly owner: string;
  /** Database file, or `:memory:`. */
  readonly database: string;
  /** Where files are; without it they are in memory. */
  readonly files?: FileTreeOptions;
  /** The spool to follow; without it lines come as messages. */
  readonly spool?: SpoolPlace;
  /** The project file that the in-memory database is loaded from and written to. */
  readonly json?: { readonly path: string; readonly maxBytes: number };
  /** What the app and the worker tell each other without messages. */
  readonly signals: SharedArrayBuffer;
}

/** From the host to a worker. Arguments and results are JSON text, which crosses cheapest, unless they hold bytes. */
export type ToWorker =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly method: string;
      readonly argument?: string;
      /** Instead of `argument`, for `files.write`. */
      readonly file?: { readonly id: string; readonly content: Uint8Array };
    }
  | { readonly kind: "lines"; readonly lines: string };

/** From a worker to the host. */
export type FromWorker =
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly value: string | Uint8Array | undefined;
    }
  | { readonly kind: "refusal"; readonly id: number; readonly error: SentError }
  /** What records of the journal have changed; sent while somebody watches. */
  | { readonly kind: "changes"; readonly changes: readonly StoreChange[] }
  | { readonly kind: "failure"; readonly error: SentError };

/** An error between threads. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: string;
}
