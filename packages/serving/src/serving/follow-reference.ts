import {
  type ModelVersion,
  messageOf,
  type Rivulet,
  RivuletError,
  toRivuletError,
} from "@rivulet/core";
import type { ModelLoader } from "../model.ts";
import { loadInTime } from "./load-in-time.ts";
import { type Loading, newestLoad } from "./newest-load.ts";
import { loadVersion, type ServedVersion } from "./served-version.ts";

/** A version that could not take the place of the one that is served. */
export interface FailedVersion {
  /** Its number; absent when the reference means none. */
  readonly version?: number;
  /** Why it is not served. */
  readonly message: string;
}

/** A version that is to take the place of the one that is served. */
export interface LoadingVersion {
  /** Its number. */
  readonly version: number;
  /** When its loading began, in milliseconds since the epoch. */
  readonly since: number;
}

/** The version that a reference means now, loaded. */
export interface Followed {
  /** The one that new requests use. */
  current(): ServedVersion;
  /** The one that is being loaded. */
  loading(): LoadingVersion | undefined;
  /** Why the newest version is not served; `undefined` while it is. */
  failed(): FailedVersion | undefined;
  /** Stops following. Resolves when every version is freed, except one that is still being loaded: it is freed then. */
  close(): Promise<void>;
}

/** What {@link followReference} works with. */
export interface Following {
  readonly rivulet: Rivulet;
  readonly reference: string;
  readonly loader: ModelLoader;
  /** Most milliseconds that loading a version may take. */
  readonly loadTimeoutMs: number;
}

/** Loads a version, and another one whenever the reference means it. @throws what loading the first one throws */
export async function followReference(following: Following): Promise<Followed> {
  const { rivulet, reference, loader, loadTimeoutMs: timeoutMs } = following;
  // Subscribed first, so that no move between is missed.
  let isStale = false;
  let wake = (): void => {
    isStale = true;
  };
  const unsubscribe = rivulet.subscribe(({ entity }) => {
    if (entity === "model") wake();
  });
  try {
    const version = await rivulet.models.getVersion(reference);
    const first = await loadInTime(loadVersion(rivulet, version, loader), {
      timeoutMs,
      onLate: (late) => void late.letGo().catch(rivulet.reportError),
    });
    const followed = follow(following, first);
    wake = followed.wake;
    if (isStale) wake();
    const close = (): Promise<void> => {
      unsubscribe();
      return followed.close();
    };
    const { current, failed, loading } = followed;
    return { current, failed, loading, close };
  } catch (error) {
    unsubscribe();
    throw error;
  }
}

/** Serves a version, and another one when it is woken and the reference means that. */
function follow(
  { rivulet, reference, loader, loadTimeoutMs }: Following,
  first: ServedVersion,
): Followed & { readonly wake: () => void } {
  let served = first;
  let failed: FailedVersion | undefined;
  /** What could not be loaded, as it was then. */
  let refused: ModelVersion | undefined;
  let isClosed = false;
  let turn = Promise.resolve();
  const leaving = leavingVersions(rivulet);

  const fail = (version: ModelVersion | undefined, error: unknown): void => {
    if (isClosed) return;
    refused = version;
    const number = version === undefined ? {} : { version: version.version };
    failed = { message: messageOf(error), ...number };
    rivulet.reportError(notServed({ reference, served, failed }));
  };
  const serve = (next: ServedVersion): void => {
    if (next !== served) leaving.add(served);
    served = next;
    failed = undefined;
    refused = undefined;
  };
  const { current, begin, drop } = newestLoad({
    rivulet,
    loader,
    loadTimeoutMs,
    onLoaded: serve,
    onFailed: fail,
    onUnwanted: leaving.add,
  });
  const take = (version: ModelVersion): void => {
    const loading = current()?.version;
    if (loading !== undefined && isSame(version, loading)) return;
    drop();
    if (isSame(version, served.version)) serve(served);
    // It is tried again when something of it was changed, such as its signature.
    else if (!isUnchanged(version, refused)) begin(version);
  };
  const look = async (): Promise<void> => {
    try {
      const version = await rivulet.models.getVersion(reference);
      if (!isClosed) take(version);
    } catch (error) {
      if (toRivuletError(error).code === "not_found") drop();
      fail(undefined, error);
    }
  };
  return {
    current: () => served,
    loading: () => toLoadingVersion(current()),
    failed: () => failed,
    wake: () => {
      turn = turn.then(look);
    },
    async close() {
      isClosed = true;
      drop();
      leaving.add(served);
      await leaving.settled();
    },
  };
}

function toLoadingVersion(loading: Loading | undefined): LoadingVersion | undefined {
  return loading && { version: loading.version.version, since: loading.since };
}

interface LeavingVersions {
  /** Frees a version when its last request is over. */
  add(version: ServedVersion): void;
  /** Resolves when all are freed. */
  settled(): Promise<void>;
}

function leavingVersions(rivulet: Rivulet): LeavingVersions {
  const leaving = new Set<Promise<void>>();
  return {
    add(version) {
      const gone = version
        .letGo()
        .catch(rivulet.reportError)
        .finally(() => leaving.delete(gone));
      leaving.add(gone);
    },
    settled: async () => void (await Promise.all(leaving)),
  };
}

/** A version's files never change; its signature may, which is a tag. */
function isSame(one: ModelVersion, other: ModelVersion): boolean {
  return (
    one.version === other.version &&
    one.createdAt === other.createdAt &&
    one.tags["mlflow.signature"] === other.tags["mlflow.signature"]
  );
}

function isUnchanged(one: ModelVersion, other: ModelVersion | undefined): boolean {
  return other !== undefined && isSame(one, other) && one.updatedAt === other.updatedAt;
}

interface NotServed {
  readonly reference: string;
  readonly served: ServedVersion;
  readonly failed: FailedVersion;
}

function notServed({ reference, served, failed }: NotServed): RivuletError {
  const what =
    failed.version === undefined ? reference : `${reference} (version ${failed.version})`;
  return new RivuletError(
    "conflict",
    `${what} cannot be served: ${failed.message} Version ${served.version.version} is still served.`,
  );
}
