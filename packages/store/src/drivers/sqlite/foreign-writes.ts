/** Looks, while somebody listens, whether another process has written. */
export interface ForeignWrites {
  watch(isWanted: boolean): void;
}

/** How often. */
const POLL_MS = 1000;

/**
 * Watches the data version of a connection: it moves with what other connections commit, never with its own
 * commits.
 */
export function watchForeignWrites(
  readVersion: () => Promise<unknown>,
  onWrite: () => void,
): ForeignWrites {
  let timer: NodeJS.Timeout | undefined;
  let seen: unknown;
  const look = async (): Promise<void> => {
    const version = await readVersion();
    const isNews = seen !== undefined && version !== seen;
    seen = version;
    if (isNews && timer !== undefined) onWrite();
  };
  // A failure shows in the next call of the user; there is nothing to tell here.
  const lookQuietly = (): void => void look().catch(() => undefined);
  return {
    watch(isWanted) {
      clearInterval(timer);
      timer = undefined;
      seen = undefined;
      if (!isWanted) return;
      timer = setInterval(lookQuietly, POLL_MS).unref();
      lookQuietly();
    },
  };
}
