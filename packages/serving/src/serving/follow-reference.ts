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
  /** Stops following. Resolves when every version is freed. */
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
  let served: ServedVersion;
  try {
    served = await loadVersion(rivulet, await rivulet.models.getVersion(reference), loader);
  } catch (error) {
    unsubscribe();
    throw error;
  }
  let failed: FailedVersion | undefined;
  let isClosed = false;
  let turn = Promise.resolve();
  const { leave, left } = leavers(rivulet.reportError);
  const look = async (): Promise<void> => {
    if (isClosed) return;
    let version: ModelVersion | undefined;
    try {
      version = await rivulet.models.getVersion(reference);
      if (isSame(version, served.version)) {
        failed = undefined;
        return;
      }
      if (failed?.version === version.version) return;
      const next = await loadVersion(rivulet, version, loader);
      const before = served;
      served = next;
      failed = undefined;
      leave(before);
    } catch (error) {
      const number = version?.version;
      failed = { message: messageOf(error), ...(number === undefined ? {} : { version: number }) };
      rivulet.reportError(notServed({ reference, served, failed }));
    }
  };
  wake = () => {
    turn = turn.then(look);
  };
  if (isStale) wake();
  return {
    current: () => served,
    failed: () => failed,
    async close() {
      isClosed = true;
      unsubscribe();
      await turn;
      leave(served);
      await left();
    },
  };
}

/** Versions that are let go, until they are freed. */
function leavers(report: (error: unknown) => void): {
  readonly leave: (version: ServedVersion) => void;
  readonly left: () => Promise<unknown>;
} {
  const leaving = new Set<Promise<void>>();
  return {
    leave(version) {
      const gone = version
        .letGo()
        .catch(report)
        .finally(() => leaving.delete(gone));
      leaving.add(gone);
    },
    left: () => Promise.all(leaving),
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
