import type { StoreChange } from "../../port/store.ts";
import type { BackendService } from "../serving/backend-service.ts";
import type { SentError } from "./sent-error.ts";

/** What the app can call in a worker. */
export interface WorkerFunctions extends BackendService {
  /** Resolves when the database is open. @throws RivuletError why it cannot be opened */
  open(): Promise<void>;
}

/** What a worker tells the app, without waiting for an answer. */
export interface HostFunctions {
  changed(changes: readonly StoreChange[]): void;
  failed(error: SentError): void;
}
