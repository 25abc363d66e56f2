import type { OwnerRegistry } from "../../port/backend.ts";
import { SILENT_ENDING } from "./run-endings.ts";

/** Shows that this engine is alive, and ends the runs of engines that are not, where no lock tells. */
export interface Heartbeat {
  stop(): void;
}

/** Options of {@link startHeartbeat}. */
export interface HeartbeatParts {
  readonly owners: OwnerRegistry;
  /** This engine. */
  readonly owner: string;
  readonly onError: (error: unknown) => void;
}

const BEAT_MS = 30_000;
/** An owner without a heartbeat for this many milliseconds is gone. */
const SILENT_MS = 5 * 60_000;

/** Sends a heartbeat at once, then twice a minute; each time checks who has gone silent. */
export function startHeartbeat({ owners, owner, onError }: HeartbeatParts): Heartbeat {
  const beat = async (): Promise<void> => {
    await owners.beat(owner);
    for (const other of await owners.list()) {
      if (other.owner === owner || other.silentMs <= SILENT_MS) continue;
      await owners.release(other.owner, SILENT_ENDING);
    }
  };
  const beatQuietly = (): void => void beat().catch(onError);
  const timer = setInterval(beatQuietly, BEAT_MS).unref();
  beatQuietly();
  return { stop: () => clearInterval(timer) };
}
