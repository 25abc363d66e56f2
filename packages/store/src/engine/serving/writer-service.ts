import { toRivuletError } from "@rivulet/domain";
import type { StoreChange } from "../../port/store.ts";
import { findOperation } from "../store-methods.ts";
import { type WriterSignals, writerSignals } from "../signals.ts";
import { takeLines } from "../spool/lines.ts";
import type { SpoolStep } from "../spool/spool-reader.ts";
import type { ServeOptions } from "./backend-request.ts";
import type { BackendService, ServiceParts } from "./backend-service.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { createIdleTidy } from "./idle-tidy.ts";
import { startIntake } from "./intake.ts";
import { createReaderService } from "./reader-service.ts";
import { CLOSED_ENDING } from "./run-endings.ts";

/** Answers calls, brings the journal into the database, watches over runs, and tidies while idle. */
export function createWriterService(
  parts: ServiceParts,
  { ownersLive = "lock" }: ServeOptions,
): BackendService {
  const { backend, events } = parts;
  const { owner, spool } = parts.data;
  const onError = (error: unknown): void => events.failed(toRivuletError(error));
  const reading = createReaderService(parts);
  const tidy = createIdleTidy(() => backend.tidy(), onError);
  let isWatched = false;

  const announce = ({ changes, refused }: Pick<SpoolStep, "changes" | "refused">): void => {
    if (changes.length > 0) tidy.worked();
    if (changes.length > 0 && isWatched) events.changed(changes);
    // One of each kind is enough.
    for (const [, [first]] of Map.groupBy(refused, ({ message }) => message)) {
      if (first !== undefined) events.failed(first);
    }
  };
  const signals = spool && writerSignals(spool.signals);
  const intake =
    spool && signals &&
    startIntake({ backend, place: spool, signals, onError, done: (step) => { signals.took(step.taken, step.refused.length - step.taken.refused); announce(step); } });
  const heartbeat =
    ownersLive === "heartbeat"
      ? startHeartbeat({ owners: backend.owners, owner, onError })
      : undefined;

  return {
    ...reading,
    async call(method, argument) {
      const value = await reading.call(method, argument);
      if (findOperation(method)?.access === "write") tidy.worked();
      return value;
    },
    async takeLines(lines) {
      const taken = await takeLines(backend, lines);
      announce(taken);
      return taken.taken;
    },
    drain: async () => intake?.drain(),
    async watch(isWanted) {
      isWatched = isWanted;
      await reading.watch(isWanted);
    },
    async close() {
      heartbeat?.stop();
      tidy.stop();
      try {
        await intake?.close();
        await backend.owners.release(owner, CLOSED_ENDING);
        await backend.tidy();
      } finally {
        await reading.close();
      }
    },
  };
}
