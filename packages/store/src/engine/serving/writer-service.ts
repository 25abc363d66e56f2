import { toRivuletError } from "@rivulet/domain";
import type { Backend, BackgroundStep } from "../../port/backend.ts";
import { writerSignals } from "../signals.ts";
import { takeLines } from "../spool/memory-sink.ts";
import type { SpoolStep } from "../spool/spool-reader.ts";
import { findOperation } from "../store-methods.ts";
import type { ServeOptions } from "./backend-request.ts";
import type { BackendService, ServiceParts } from "./backend-service.ts";
import { type BackgroundWork, createBackgroundWork } from "./background-work.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { createIdleTidy } from "./idle-tidy.ts";
import { type Intake, startIntake } from "./intake.ts";
import { holdOwnerLock, type OwnerLock } from "./owner-locks.ts";
import { createReaderService } from "./reader-service.ts";
import { CLOSED_ENDING } from "./run-endings.ts";

/** Outcome of a step of the intake, or of lines without a spool. */
type Done = Pick<SpoolStep, "changes" | "refused">;

/**
 * Answers calls, writes the journal to the database, cleans up after owners, catches up with what lags behind, and
 * does housekeeping while idle.
 */
export function createWriterService(
  given: ServiceParts,
  { ownersLive = "lock" }: ServeOptions,
): BackendService {
  const parts = { ...given, backend: boundedBackend(given) };
  const { backend, data, events } = parts;
  const { owner } = data;
  const onError = (error: unknown): void => events.failed(toRivuletError(error));
  // Before it owns anything.
  const ownerLock = lockOwner(parts, onError);
  const reading = createReaderService(parts);
  const tidy = createIdleTidy(() => backend.tidy(), onError);
  const backgroundWork = catchUpOf(parts, { caughtUp: tidy.worked, onError });
  let isWatched = false;

  const worked = (): void => {
    tidy.worked();
    backgroundWork?.worked();
  };
  const announce = ({ changes, refused }: Done): void => {
    if (changes.length > 0) worked();
    if (changes.length > 0 && isWatched) events.changed(changes);
    // One error of each kind is enough.
    for (const [, [first]] of Map.groupBy(refused, ({ message }) => message)) {
      if (first !== undefined) events.failed(first);
    }
  };
  const intake = followSpool(parts, { announce, onError });
  const heartbeat =
    ownersLive === "heartbeat" ? startHeartbeat({ ...backend, owner, onError }) : undefined;

  return {
    ...reading,
    async call(method, argument) {
      if (findOperation(method)?.access === "write") worked();
      return reading.call(method, argument);
    },
    async takeLines(lines) {
      const done = await takeLines(backend, owner, lines);
      announce(done);
      return done.taken;
    },
    takeAttachment: (file) => backend.takeAttachment(file),
    drain: async () => intake?.drain(),
    async watch(isWanted) {
      isWatched = isWanted;
      await reading.watch(isWanted);
    },
    async close() {
      heartbeat?.stop();
      await backgroundWork?.stop();
      await ownerLock?.stop();
      try {
        await intake?.close();
        await backend.owners.release(owner, CLOSED_ENDING);
        await backend.tidy();
      } finally {
        // Writes up to now make it due again.
        tidy.stop();
        ownerLock?.release();
        await reading.close();
      }
    },
  };
}

/** Keeps as many bytes of attachments as the engine's options say. */
function boundedBackend({ backend, data: { attachmentBytes } }: ServiceParts): Backend {
  return { ...backend, takeAttachment: (file) => backend.takeAttachment(file, attachmentBytes) };
}

/** `undefined` where no lock shows whether this engine is alive. @throws RivuletError `store_unavailable` */
function lockOwner(
  { backend: { owners }, data }: ServiceParts,
  onError: (error: unknown) => void,
): OwnerLock | undefined {
  const { owner, ownerLocks: place, spool } = data;
  if (place === undefined) return undefined;
  return holdOwnerLock({ place, owners, owner, spool: spool?.folder, onError });
}

/** `undefined` where nothing lags behind. */
function catchUpOf(
  { backend: { backgroundStep } }: ServiceParts,
  { caughtUp, onError }: { readonly caughtUp: () => void; readonly onError: (e: unknown) => void },
): BackgroundWork | undefined {
  if (backgroundStep === undefined) return undefined;
  const step = async (): Promise<BackgroundStep> => {
    const outcome = await backgroundStep();
    if (outcome === "more") caughtUp();
    return outcome;
  };
  return createBackgroundWork({ step, onError });
}

interface Listeners {
  readonly announce: (done: Done) => void;
  readonly onError: (error: unknown) => void;
}

/** `undefined` without a spool. */
function followSpool(
  { backend, data: { spool } }: ServiceParts,
  { announce, onError }: Listeners,
): Intake | undefined {
  if (spool === undefined) return undefined;
  const signals = writerSignals(spool.signals);
  return startIntake({
    backend,
    place: spool,
    signals,
    onError,
    done(step) {
      const { taken, refused, attachmentBytes = 0, refusedAttachments = 0 } = step;
      if (attachmentBytes > 0) signals.tookAttachment(attachmentBytes, refusedAttachments);
      if (taken.bytes > 0 || refused.length > 0)
        signals.took(taken, refused.length - taken.refused);
      announce(step);
    },
  });
}
