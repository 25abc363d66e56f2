import { callBackend, storeMethods } from "../../engine/store-methods.ts";
import type { Backend } from "../../port/backend.ts";
import { EVERYTHING_CHANGED } from "../../port/changes.ts";
import { type FileToTrack, trackFile } from "./track-file.ts";

/**
 * A backend on whatever file is at a path. It looks before each call, and opens the file again when it was
 * deleted, moved or replaced; and once more before it acknowledges the call: what went into a file that nobody
 * will find fails.
 *
 * @throws RivuletError what the first opening throws
 */
export async function followFile(file: FileToTrack): Promise<Backend> {
  const tracked = await trackFile(file);
  const { on, ifInPlace } = tracked;
  const { files, ...entities } = storeMethods(({ method, argument }) =>
    on((backend) => callBackend(backend, method, argument)),
  );
  let openings = tracked.openings();
  return {
    entities,
    files,
    take: (batch) => on((backend) => backend.take(batch)),
    takeAttachment: (file, limit) => on((backend) => backend.takeAttachment(file, limit)),
    marks: {
      read: (segment) => on(({ marks }) => marks.read(segment)),
      remove: (segment) => ifInPlace(({ marks }) => marks.remove(segment), undefined),
      list: () => ifInPlace(({ marks }) => marks.list(), []),
    },
    changes: {
      async poll(origin) {
        const changes = await on((backend) => backend.changes.poll(origin));
        if (tracked.openings() === openings) return changes;
        openings = tracked.openings();
        return EVERYTHING_CHANGED;
      },
    },
    owners: {
      beat: (owner) => on(({ owners }) => owners.beat(owner)),
      list: () => ifInPlace(({ owners }) => owners.list(), []),
      release: (owner, ending) => ifInPlace(({ owners }) => owners.release(owner, ending), []),
    },
    checkIntegrity: () => on((backend) => backend.checkIntegrity()),
    backup: (folder) => on((backend) => backend.backup(folder)),
    tidy: () => ifInPlace((backend) => backend.tidy(), undefined),
    backgroundStep: () =>
      ifInPlace(async (backend) => (await backend.backgroundStep?.()) ?? "done", "done"),
    close: tracked.close,
  };
}
