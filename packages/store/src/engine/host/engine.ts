import { randomBytes } from "node:crypto";
import type { IntegrityReport, Journal, StoreChange, StoreInfo } from "../../port/store.ts";
import { receiveError } from "../calls/sent-error.ts";
import type { HostFunctions } from "../calls/worker-functions.ts";
import type { BackendLink } from "./backend-link.ts";
import { createChangeFeed } from "./change-feed.ts";
import type { EngineSetup } from "./engine-setup.ts";
import type { EntityCall } from "./entity-calls.ts";
import { openEngineJournal } from "./engine-journal.ts";

/** What stands between the clients of a store and its database: the journal, the calls, the changes. */
export interface Engine {
  readonly info: StoreInfo;
  /** Its id: what its runs are watched over by. */
  readonly owner: string;
  /** Takes records at once, while the database is still being opened. */
  readonly journal: Journal;
  /** Resolves when the database is open. @throws RivuletError why it cannot be opened */
  readonly opened: Promise<void>;
  call(call: EntityCall): Promise<unknown>;
  /** Resolves when everything recorded is in the database. */
  flush(): Promise<void>;
  subscribe(listener: (change: StoreChange) => void): () => void;
  checkIntegrity(): Promise<IntegrityReport>;
  close(): Promise<void>;
}

/** What {@link startEngine} works with. */
export interface EngineStart extends EngineSetup {
  /** The database is opened when this has resolved: an engine before has let go of it. */
  readonly after: Promise<void>;
  /** Told of failures that reach no caller. */
  readonly report: (error: Error) => void;
}

/** Starts an engine; its journal takes records when this returns. */
export function startEngine(start: EngineStart): Engine {
  const { info, report, options } = start;
  const owner = randomBytes(OWNER_BYTES).toString("hex");
  const feed = createChangeFeed({
    onError: report,
    onListening: (isListening) => link.watch(isListening),
  });
  const events: HostFunctions = {
    changed: feed.emit,
    failed: (error) => report(receiveError(error)),
  };
  const journal = openEngineJournal({ ...start, owner, link: () => link });
  const link: BackendLink = createLink({ ...start, owner, events, journal });
  ...
}
