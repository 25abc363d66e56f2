import { type ModelVersion, type Rivulet, RivuletError } from "@rivulet/core";
import type { LoadedModel, ModelLoader } from "../model.ts";
import { filesOf } from "../model-files.ts";
import { type ModelSignature, readSignature } from "../request/signature.ts";

/** A version that is loaded. It is freed when it was let go, and its last request is over. */
export interface ServedVersion {
  readonly version: ModelVersion;
  readonly signature: ModelSignature | undefined;
  /** Milliseconds since the epoch. */
  readonly loadedAt: number;
  /** Runs work with the model, which is not freed before it is over. */
  use<T>(work: (model: LoadedModel) => Promise<T>): Promise<T>;
  /** No more requests come. Resolves when it is freed. */
  letGo(): Promise<void>;
}

/** Loads a version. @throws RivuletError `not_found` without files, and whatever the loader throws */
export async function loadVersion(
  rivulet: Rivulet,
  version: ModelVersion,
  loader: ModelLoader,
): Promise<ServedVersion> {
  const files = await filesOf(rivulet, version);
  const signature = await readSignature(rivulet, version, files);
  const columns = signature?.inputs.flatMap(({ name }) => name ?? []) ?? [];
  const context = { name: version.name, version: version.version, columns };
  const model = await loader(files, context);
  if (typeof model?.predict !== "function") {
    throw new RivuletError("invalid_argument", "The loader must return an object with predict().");
  }
  let running = 0;
  const idle = Promise.withResolvers<void>();
  let isLeft = false;
  return {
    version,
    signature,
    loadedAt: rivulet.now(),
    async use(work) {
      running += 1;
      try {
        return await work(model);
      } finally {
        running -= 1;
        if (isLeft && running === 0) idle.resolve();
      }
    },
    async letGo() {
      isLeft = true;
      if (running === 0) idle.resolve();
      await idle.promise;
      await model.dispose?.();
    },
  };
}
