import { RivuletError } from "../../errors.ts";
import type { Persistence } from "../json/json-persistence.ts";
import { type BatchOutcome, writeLines } from "../spool/journal-writer.ts";
import { spoolReader } from "../spool/spool-reader.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import type { StoreChange } from "../store.ts";
import { databaseError, toErrorData } from "./database-error.ts";
import type { FromWorker, WorkerSetup } from "./messages.ts";

/** Brings what the journal holds into the database, between the calls. */
export interface Intake {
  /** Takes what an earlier process left behind. */
  start(): Promise<void>;
  /** There is something in the spool. */
  wake(): Promise<void>;
  /** Lines that came as a message. */
  takeLines(lines: string): Promise<void>;
  /** Takes everything there is. */
  drain(): Promise<void>;
  stop(): void;
}

interface IntakeParts {
  readonly sql: SqlConnection;
  readonly setup: WorkerSetup;
  readonly enqueue: <T>(work: () => Promise<T>) => Promise<T>;
  readonly send: (message: FromWorker) => void;
  readonly persistence?: Persistence;
}

/** Small batches cost a disk sync each: what comes within this time is written together. */
const GATHER_MS = 10;
/** Pause before another try while the database is away. */
const RETRY_MS = 500;

/** The intake of a writing worker. */
export function createIntake({ sql, setup, enqueue, send, persistence }: IntakeParts): Intake {
  const reader = setup.spool && spoolReader(sql, setup.spool);
  const idle = new Int32Array(setup.idle);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const announce = (outcome: BatchOutcome, characters: number): void => {
    persistence?.changed();
    send({ kind: "taken", characters, changes: changesOf(outcome) });
    if (outcome.refused.length === 0) return;
    const [first = ""] = outcome.refused;
    const message = `${outcome.refused.length} records could not be stored: ${first}`;
    send({ kind: "failure", error: toErrorData(new RivuletError("internal", message)) });
  };

  /** One chunk; `false` when there was none. */
  const step = async (): Promise<boolean> => {
    if (reader === undefined || stopped) return false;
    const { idle: isIdle, taken, ...outcome } = await reader.step();
    if (taken > 0 || outcome.refused.length > 0 || outcome.traceIds.length > 0)
      announce(outcome, taken);
    return !isIdle;
  };

  const drain = async (): Promise<void> => {
    while (await step());
  };

  const later = (milliseconds: number): void => {
    if (stopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void follow();
    }, milliseconds);
  };

  /** A chunk at a time, so that calls come in between; then waits to be woken. */
  const follow = async (): Promise<void> => {
    try {
      while (await enqueue(step));
      Atomics.store(idle, 0, 1);
      // What was written between the last look and the store above gets no wake-up of its own.
      if (await enqueue(step)) later(0);
    } catch (thrown) {
      send({ kind: "failure", error: toErrorData(databaseError(thrown, setup.database)) });
      later(RETRY_MS);
    }
  };

  return {
    async start() {
      Atomics.store(idle, 0, 1);
      if (reader !== undefined) later(0);
    },
    async wake() {
      later(GATHER_MS);
    },
    async takeLines(lines) {
      await enqueue(async () => {
        const outcome = await writeLines(sql, lines.split("\n"), async () => undefined);
        announce(outcome, lines.length);
      });
    },
    drain,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function changesOf({ traceIds, runIds }: BatchOutcome): readonly StoreChange[] {
  return [
    ...(traceIds.length > 0 ? [{ entity: "trace", ids: traceIds } as const] : []),
    ...(runIds.length > 0 ? [{ entity: "run", ids: runIds } as const] : []),
  ];
}
