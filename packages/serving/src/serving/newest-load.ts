import type { ModelVersion, Rivulet } from "@rivulet/core";
import type { ModelLoader } from "../model.ts";
import { loadInTime } from "./load-in-time.ts";
import { loadVersion, type ServedVersion } from "./served-version.ts";

/** A version that is being loaded. */
export interface Loading {
  readonly version: ModelVersion;
  /** When that began, in milliseconds since the epoch. */
  readonly since: number;
}

/** How versions are loaded, and who is told what comes of it. */
export interface NewestLoadOptions {
  readonly rivulet: Rivulet;
  readonly loader: ModelLoader;
  /** Most milliseconds that loading a version may take. */
  readonly loadTimeoutMs: number;
  /** Gets the version, when it is still wanted. */
  readonly onLoaded: (loaded: ServedVersion) => void;
  /** Gets the error, when the version is still wanted. */
  readonly onFailed: (version: ModelVersion, error: unknown) => void;
  /** Gets a version that is not wanted any more. */
  readonly onUnwanted: (loaded: ServedVersion) => void;
}

/** The load of the version that is wanted now. */
export interface NewestLoad {
  /** What is being loaded and still wanted. */
  current(): Loading | undefined;
  /** Loads a version instead of the one before, which is not waited for. */
  begin(version: ModelVersion): void;
  /** Nothing is wanted any more. */
  drop(): void;
}

/** Loads versions, of which only the newest is wanted. */
export function newestLoad(options: NewestLoadOptions): NewestLoad {
  const { rivulet, loader, loadTimeoutMs: timeoutMs, onLoaded, onFailed, onUnwanted } = options;
  let wanted: Loading | undefined;
  const load = async (mine: Loading): Promise<void> => {
    const { version } = mine;
    try {
      const loaded = await loadInTime(loadVersion(rivulet, version, loader), {
        timeoutMs,
        onLate: onUnwanted,
      });
      if (wanted !== mine) return onUnwanted(loaded);
      wanted = undefined;
      onLoaded(loaded);
    } catch (error) {
      if (wanted !== mine) return;
      wanted = undefined;
      onFailed(version, error);
    }
  };
  return {
    current: () => wanted,
    begin(version) {
      wanted = { version, since: rivulet.now() };
      void load(wanted);
    },
    drop() {
      wanted = undefined;
    },
  };
}
