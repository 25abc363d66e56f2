import type { Backend } from "../port/backend.ts";
import type { FromWorker } from "./messages.ts";
import { sendError } from "./sent-error.ts";
import type { WriterSignals } from "./signals.ts";
import { NOTHING_TAKEN } from "./spool/ledger.ts";
import { takeLines } from "./spool/memory-sink.ts";
import type { SpoolReader, SpoolStep } from "./spool/spool-reader.ts";
import type { TaskQueue } from "./task-queue.ts";

/** Brings what the journal holds into the database, between the calls. */
export interface Intake {
  /** Lines that came as a message. */
  takeLines(lines: string): Promise<void>;
  /** Takes everything there is; a task of the queue. */
  drain(): Promise<void>;
  stop(): void;
}

/** What {@link createIntake} works with. */
export interface IntakeParts {
  readonly backend: Backend;
  readonly owner: string;
  readonly queue: TaskQueue;
  readonly send: (message: FromWorker) => void;
  readonly signals: WriterSignals;
  /** The spool; without it lines come as messages. */
  readonly reader: SpoolReader | undefined;
  /** Called after a commit. */
  readonly committed: () => Promise<void>;
}

/** The intake begins when the app has recorded nothing for this long … */
const PAUSE_MS = 50;
/** … or after this time, when the app makes no pause. */
const LONGEST_WAIT_MS = 500;
/** While the app goes on, a chunk below this, in bytes, is a sign to wait for more. */
const SMALL_CHUNK = 256 * 1024;
/** Pause before another try while the database is away. */
const RETRY_MS = 500;
/** How often ended processes are looked for. */
const CLAIM_MS = 60_000;
const IDLE: SpoolStep = { taken: NOTHING_TAKEN, changes: [], refused: [], idle: true };

/** The intake of a writing worker. */
export function createIntake(parts: IntakeParts): Intake {
  const { backend, owner, queue, reader } = parts;
  const step = async (): Promise<SpoolStep> => {
    if (reader === undefined) return IDLE;
    const done = await reader.step();
    await announce(parts, done);
    return done;
  };
  const follower = createFollower(parts, step);
  const claims = setInterval(() => {
    reader?.claim();
    follower.soon(0);
  }, CLAIM_MS);
  reader?.claim();
  follower.soon(0);

  return {
    takeLines: (lines) =>
      queue(async () => announce(parts, await takeLines(backend, owner, lines))),
    async drain() {
      while (!(await step()).idle);
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

/** Takes a chunk at a time, so that calls come in between; then sleeps until more is written. */
function createFollower(
  { queue, send, signals }: IntakeParts,
  step: () => Promise<SpoolStep>,
): Follower {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isAsleep = false;

  /** Takes chunks until nothing is left, or little of what is still coming. Returns the writes that were seen. */
  const takeAll = async (): Promise<number> => {
    for (;;) {
      const writes = signals.writes();
      if (isStopped) return writes;
      const { idle, taken } = await queue(step);
      const isLittle = taken.bytes > 0 && taken.bytes < SMALL_CHUNK;
      if (idle || (isLittle && signals.writes() !== writes)) return writes;
    }
  };
  const follow = async (): Promise<void> => {
    try {
      void sleep(await takeAll());
    } catch (error) {
      send({ kind: "failure", error: sendError(error) });
      soon(RETRY_MS);
    }
  };
  const sleep = async (seen: number): Promise<void> => {
    if (isAsleep || isStopped) return;
    isAsleep = true;
    await signals.nextWrite(seen);
    isAsleep = false;
    afterBurst();
  };
  const soon = (milliseconds: number): void => {
    if (isStopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void follow();
    }, milliseconds);
  };
  /**
   * Looks into the spool when the app pauses. Beside an app at work it would slow it, on cores that share
   * their caches; and small batches cost a disk sync each.
   */
  const afterBurst = (waited = 0): void => {
    if (isStopped) return;
    const seen = signals.writes();
    timer ??= setTimeout(() => {
      timer = undefined;
      if (signals.writes() === seen || waited >= LONGEST_WAIT_MS) void follow();
      else afterBurst(waited + PAUSE_MS);
    }, PAUSE_MS);
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
  { send, signals, committed }: IntakeParts,
  { taken, changes, refused }: Omit<SpoolStep, "idle">,
): Promise<void> {
  if (taken.bytes === 0 && refused.length === 0 && changes.length === 0) return;
  signals.took(taken, refused.length - taken.refused);
  if (changes.length > 0 && signals.isWatched()) send({ kind: "changes", changes });
  // One of each kind is enough.
  for (const [, [first]] of Map.groupBy(refused, ({ message }) => message)) {
    if (first !== undefined) send({ kind: "failure", error: sendError(first) });
  }
  await committed();
}
