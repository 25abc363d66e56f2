import { RivuletError } from "@rivulet/domain";
import { type ConnectionSettings, placeOf } from "./connection-settings.ts";

/** How long a database may take before it is said what is waited for. */
const TELL_AFTER_MS = 5_000;

/** What is waited for, and who is told. */
export interface Wait {
  readonly settings: ConnectionSettings;
  /** Told once, of a wait of five seconds. */
  readonly report: ((error: Error) => void) | undefined;
}

/** Runs work that first needs a connection, which may take {@link ConnectionSettings.connectionTimeoutMs} to fail. */
export async function tellWait<T>({ settings, report }: Wait, work: () => Promise<T>): Promise<T> {
  const tell = (): void => {
    const message = `Still waiting for PostgreSQL at ${placeOf(settings)}. Is it running, and can it be reached from here? Rivulet gives up ${settings.connectionTimeoutMs} ms after it was first refused (connectionTimeoutMs).`;
    report?.(new RivuletError("store_unavailable", message));
  };
  const timer = setTimeout(tell, TELL_AFTER_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
