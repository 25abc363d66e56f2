import { type BatchOutcome, changesOf, writeLines } from "../spool/journal-writer.ts";
import type { SpoolReader } from "../spool/spool-reader.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import type { FromWorker } from "./messages.ts";
import { sendError } from "./sent-error.ts";
import type { TaskQueue } from "./task-queue.ts";

/** Brings what the journal holds into the database, between the calls. */
export interface Intake {
  /** There may be something in the spool. */
  wake(): void;
  /** Lines that came as a message. */
  takeLines(lines: string): Promise<void>;
  /** Takes everything there is; a task of the queue. */
  drain(): Promise<void>;
  stop(): void;
}

/** What {@link createIntake} works with. */
export interface IntakeParts {
  readonly sql: SqlConnection;
  readonly queue: TaskQueue;
  readonly send: (message: FromWorker) => void;
  readonly idle: Int32Array;
  /** The spool; without it lines come as messages. */
  readonly reader: SpoolReader | undefined;
  /** Called after a commit. */
  readonly committed: () => Promise<void>;
}

/** Small batches cost a disk sync each: what comes within this time is written together. */
const GATHER_MS = 10;
/** Pause before another try while the database is away. */
const RETRY_MS = 500;
/** How often ended processes are looked for. */
const CLAIM_MS = 60_000;

/** The intake of a writing worker. */
export function createIntake(parts: IntakeParts): Intake {
  const { sql, queue, reader } = parts;
  const step = async (): Promise<boolean> => {
    if (reader === undefined) return false;
    const { idle, taken, ...outcome } = await reader.step();
    await announce(parts, outcome, taken);
    return !idle;
  };
  const follower = createFollower(parts, step);
  const claims = setInterval(() => {
    reader?.claim();
    follower.soon(0);
  }, CLAIM_MS);
  reader?.claim();
  follower.soon(0);

  return {
    wake: () => follower.soon(GATHER_MS),
    takeLines: (lines) =>
      queue(async () => {
        const outcome = await sql.transaction(() => writeLines(sql, lines.split("\n")));
        await announce(parts, outcome, lines.length);
      }),
    async drain() {
      while (await step());
    },
    stop() {
      clearInterval(claims);
      follower.stop();
    },
  };
}

interface Follower {
  /** Looks into the spool after this time, or before. */
  soon(milliseconds: number): void;
  stop(): void;
}

/** Takes a chunk at a time, so that calls come in between; then waits to be woken. */
function createFollower(
  { queue, send, idle }: IntakeParts,
  step: () => Promise<boolean>,
): Follower {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const follow = async (): Promise<void> => {
    try {
      while (!isStopped && (await queue(step)));
      Atomics.store(idle, 0, 1);
      // What was written between the last look and the store above gets no wake-up of its own.
      if (!isStopped && (await queue(step))) soon(0);
    } catch (error) {
      send({ kind: "failure", error: sendError(error) });
      soon(RETRY_MS);
    }
  };
  const soon = (milliseconds: number): void => {
    if (isStopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void follow();
    }, milliseconds);
  };
  return {
    soon,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

async function announce(
  { send, committed }: IntakeParts,
  outcome: BatchOutcome,
  size: number,
): Promise<void> {
  const changes = changesOf(outcome);
  const lost = outcome.refused.length;
  if (size === 0 && lost === 0 && changes.length === 0) return;
  send({ kind: "taken", size, lost, changes });
  // One of each kind is enough.
  for (const [, [first]] of Map.groupBy(outcome.refused, ({ message }) => message)) {
    if (first !== undefined) send({ kind: "failure", error: sendError(first) });
  }
  await committed();
}
