import { type ModelVersion, messageOf, type Rivulet, RivuletError } from "@rivulet/core";
import type { ModelLoader } from "../model.ts";
import { loadVersion, type ServedVersion } from "./served-version.ts";

/** A version that could not take the place of the one that is served. */
export interface FailedVersion {
  /** Its number; absent when the reference means none. */
  readonly version?: number;
  /** Why it is not served. */
  readonly message: string;
}

/** The version that a reference means now, loaded. */
export interface Followed {
  /** The one that new requests use. */
  current(): ServedVersion;
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
}

/** Loads a version, and another one whenever the reference means it. @throws what loading the first one throws */
export async function followReference(following: Following): Promise<Followed> {
  const { rivulet, reference, loader } = following;
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
    const followed = follow(following, await loadVersion(rivulet, version, loader));
    wake = followed.wake;
    if (isStale) wake();
    const close = (): Promise<void> => {
      unsubscribe();
      return followed.close();
    };
    return { current: followed.current, failed: followed.failed, close };
  } catch (error) {
    unsubscribe();
    throw error;
  }
}

/** Serves a version, and another one when it is woken and the reference means that. */
function follow(
  { rivulet, reference, loader }: Following,
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
  const take = async (version: ModelVersion): Promise<void> => {
    // It is tried again when something of it was changed, such as its signature.
    const isRefused = isUnchanged(version, refused);
    const isNew = !isSame(version, served.version);
    if (isNew && isRefused) return;
    const next = isNew ? await loadVersion(rivulet, version, loader) : served;
    if (next !== served) leaving.add(isClosed ? next : served);
    if (isClosed) return;
    served = next;
    failed = undefined;
    refused = undefined;
  };
  const look = async (): Promise<void> => {
    if (isClosed) return;
    let version: ModelVersion | undefined;
    try {
      version = await rivulet.models.getVersion(reference);
      await take(version);
    } catch (error) {
      fail(version, error);
    }
  };
  return {
    current: () => served,
    failed: () => failed,
    wake: () => {
      turn = turn.then(look);
    },
    async close() {
      isClosed = true;
      leaving.add(served);
      await leaving.settled();
    },
  };
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
