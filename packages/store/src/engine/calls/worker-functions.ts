import type { StoreChange } from "../../port/store.ts";
import type { BackendService } from "../serving/backend-service.ts";
import type { SentError } from "./sent-error.ts";

/** Functions of a worker that the app can call. */
export interface WorkerFunctions extends BackendService {
  /** Resolves when the database is open. @throws RivuletError if it cannot be opened */
  open(): Promise<void>;
}

/** Functions of the app that a worker can call. */
export interface HostFunctions {
  /** A notification; no response is awaited. */
  changed(changes: readonly StoreChange[]): void;
  /** A notification; no response is awaited. */
  failed(error: SentError): void;
  /** Calls a method of the files' storage, where that is in the app's thread. */
  storage: CallStorage;
}

/** Calls a method of the files' storage, by its name. */
export type CallStorage = (method: string, given: readonly unknown[]) => Promise<unknown>;
