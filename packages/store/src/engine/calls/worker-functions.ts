import type { StoreChange } from "../../port/store.ts";
import type { BackendService } from "../serving/backend-service.ts";
import type { SentError } from "./sent-error.ts";

/** Functions of a worker that the app can call. */
export interface WorkerFunctions extends BackendService {
  /** Resolves when the database is open. @throws RivuletError if it cannot be opened */
  open(): Promise<void>;
}

/** Notifications from a worker to the app; no response is awaited. */
export interface HostFunctions {
  changed(changes: readonly StoreChange[]): void;
  failed(error: SentError): void;
}
