import type { RivuletError } from "@rivulet/domain";
import { writeBackup } from "../../backup/write-backup.ts";
import { callBackend, storeMethods } from "../../engine/store-methods.ts";
import type { Backend } from "../../port/backend.ts";
import { sqlBackend } from "../../sql/sql-backend.ts";
import { openMemoryDatabase } from "../memory/memory-backend.ts";
import { openProject, type Project } from "./project.ts";
import { removeHalfWritten } from "./project-files.ts";
import { lockProject, type ProjectLock } from "./project-lock.ts";
import type { ProjectTrees } from "./project-trees.ts";

/** Where a project is and how it is opened. */
export interface JsonSetup {
  readonly path: string;
  readonly trees: ProjectTrees;
  /** Permissions of new files. */
  readonly fileMode: number;
  readonly readOnly: boolean;
  /** Its files are elsewhere, where other clones of the project have theirs. */
  readonly sharesFiles: boolean;
  readonly report: (error: RivuletError) => void;
}

/** Opens a project. @throws RivuletError `store_corrupt`, `store_too_new`, `store_locked`, `store_unavailable`, `conflict` */
export async function openJsonBackend(setup: JsonSetup): Promise<Backend> {
  const { path, fileMode, readOnly } = setup;
  if (readOnly) return openBackend(setup, undefined);
  const lock = lockProject(path, fileMode);
  try {
    removeHalfWritten(path);
    return await openBackend(setup, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openBackend(setup: JsonSetup, lock: ProjectLock | undefined): Promise<Backend> {
  const { path, fileMode, trees, readOnly, sharesFiles, report } = setup;
  const database = await openMemoryDatabase();
  try {
    const project = await openProject({ path, database, fileMode, lock });
    const { storage, attachments } = trees;
    const backend = sqlBackend(database, {
      storage,
      attachments,
      backup: (folder) => writeBackup(folder, { database, storage }),
      role: readOnly ? "reader" : "writer",
      sharesFiles,
      full: () => project.full(),
      report,
    });
    return savedBackend({ backend, project, lock });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface SavedParts {
  readonly backend: Backend;
  readonly project: Project;
  readonly lock: ProjectLock | undefined;
}

/** A backend that acknowledges a write once it is on disk, and reads what others have written there. */
function savedBackend({ backend, project, lock }: SavedParts): Backend {
  const { files: _, ...entities } = storeMethods(async ({ method, operation, argument }) => {
    const call = (): Promise<unknown> => callBackend(backend, method, argument);
    if (operation.access === "write") return project.change(call);
    await project.refresh();
    return call();
  });
  return {
    ...backend,
    entities,
    // Earlier records may not have reached the disk: then they are written now.
    take: (batch) => project.change(() => backend.take(batch)),
    takeAttachment: (file, limit) => project.change(() => backend.takeAttachment(file, limit)),
    marks: {
      ...backend.marks,
      remove: (segment) => project.change(() => backend.marks.remove(segment)),
    },
    async backup(folder) {
      await project.refresh();
      return backend.backup(folder);
    },
    changes: {
      async poll(origin) {
        await project.refresh();
        return [...(await backend.changes.poll(origin)), ...project.takeNews()];
      },
    },
    owners: {
      ...backend.owners,
      release: (owner, ending) => project.change(() => backend.owners.release(owner, ending)),
    },
    async close() {
      try {
        await project.settled();
      } finally {
        await backend.close().finally(() => lock?.release());
      }
    },
  };
}
