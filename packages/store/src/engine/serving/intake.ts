import type { Backend } from "../../port/backend.ts";
import { inTurn } from "../in-turn.ts";
import type { WriterSignals } from "../signals.ts";
import type { SpoolPlace } from "../spool/spool-folder.ts";
import { createSpoolReader, type SpoolStep } from "../spool/spool-reader.ts";
import { endingOf } from "./run-endings.ts";
import { createSpoolConsumer } from "./spool-consumer.ts";

/** Writes the content of the spool to the database, between calls. */
export interface Intake {
  /** Processes everything there is. */
  drain(): Promise<void>;
  /** Processes what is left and removes it from the spool. */
  close(): Promise<void>;
}

/** Options of {@link startIntake}. */
export interface IntakeParts {
  readonly backend: Pick<Backend, "take" | "takeAttachment" | "marks" | "owners">;
  readonly place: SpoolPlace;
  readonly signals: WriterSignals;
  /** Called with the outcome of each step. */
  readonly done: (step: SpoolStep) => void;
  /** Called with failures, after which processing continues. */
  readonly onError: (error: unknown) => void;
}

/** How often to look for spools of writers that are gone. */
const RECOVERY_MS = 60_000;

/** Starts to follow the spool, beginning with what writers that are gone have left. */
export function startIntake({ backend, place, signals, done, onError }: IntakeParts): Intake {
  const reader = createSpoolReader({
    backend,
    place,
    ended: async (ended) => void (await backend.owners.release(ended.owner, endingOf(ended))),
    report: onError,
  });
  const step = inTurn(async () => {
    const taken = await reader.step();
    done(taken);
    return taken;
  });
  const consumer = createSpoolConsumer({ step, signals, onError });
  const recover = (): void => {
    reader.recover();
    consumer.soon(0);
  };
  const recovering = setInterval(recover, RECOVERY_MS).unref();
  recover();

  const drain = async (): Promise<void> => {
    while (!(await step()).idle);
  };
  return {
    drain,
    async close() {
      clearInterval(recovering);
      consumer.stop();
      await drain();
      await reader.finish();
    },
  };
}
