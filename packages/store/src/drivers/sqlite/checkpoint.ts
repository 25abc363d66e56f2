import { statSync } from "node:fs";
import type { TaskQueue } from "../../engine/task-queue.ts";
import type { Database } from "../../sql/database.ts";

/** Folds the write-ahead log into the database when there is time, or when it has become long. */
export interface Checkpoints {
  /** Something was committed. */
  committed(): Promise<void>;
  stop(): void;
}

/** Quiet time after which the log is folded. */
const IDLE_MS = 2000;
/** Length at which it is folded while work goes on. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;
/** Commits between two looks at its length. */
const LOOK_EVERY = 64;

/** The checkpoints of a database file. */
export function createCheckpoints(database: Database, path: string, queue: TaskQueue): Checkpoints {
  let timer: NodeJS.Timeout | undefined;
  let commits = 0;
  return {
    async committed() {
      clearTimeout(timer);
      timer = setTimeout(() => void queue(database.tidy), IDLE_MS);
      commits += 1;
      if (commits % LOOK_EVERY === 0 && logBytes(path) > MAX_LOG_BYTES) await database.tidy();
    },
    stop: () => clearTimeout(timer),
  };
}

function logBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
