import type { OwnerRegistry } from "../../port/backend.ts";
import { SILENT_ENDING } from "./run-endings.ts";

/** Says that this engine lives, and ends the runs of those that do not, where no lock tells. */
export interface Heartbeat {
  stop(): void;
}

/** What {@link startHeartbeat} works with. */
export interface HeartbeatParts {
  readonly owners: OwnerRegistry;
  /** This engine. */
  readonly owner: string;
  readonly onError: (error: unknown) => void;
}

const BEAT_MS = 30_000;
/** An owner that was not heard of for this long is gone. */
const SILENT_MS = 5 * 60_000;

/** Beats at once, then twice a minute; looks each time who has fallen silent. */
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
