import type { RivuletError } from "@rivulet/domain";
import { writeBackup } from "../../backup/write-backup.ts";
import { callBackend, storeMethods } from "../../engine/store-methods.ts";
import { createFileTree } from "../../files/file-tree.ts";
import type { Backend } from "../../port/backend.ts";
import { sqlBackend } from "../../sql/sql-backend.ts";
import { openMemoryDatabase } from "../memory/memory-backend.ts";
import { loadProject, type Project } from "./project.ts";
import { removeHalfWritten } from "./project-file.ts";
import { lockProject, type ProjectLock } from "./project-lock.ts";

/** Where a project file is, and how it is opened. */
export interface JsonSetup {
  readonly path: string;
  readonly filesFolder: string;
  /** Permissions of new files. */
  readonly fileMode: number;
  readonly readOnly: boolean;
  readonly report: (error: RivuletError) => void;
}

/** Opens a project file. @throws RivuletError `store_corrupt`, `store_too_new`, `store_locked`, `store_unavailable` */
export async function openJsonBackend(setup: JsonSetup): Promise<Backend> {
  const { path, fileMode, readOnly } = setup;
  if (readOnly) return openProject(setup, undefined);
  const lock = lockProject(path, fileMode);
  try {
    removeHalfWritten(path);
    return await openProject(setup, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openProject(setup: JsonSetup, lock: ProjectLock | undefined): Promise<Backend> {
  const { path, fileMode, filesFolder, readOnly, report } = setup;
  const database = await openMemoryDatabase();
  try {
    const project = await loadProject({ path, database, fileMode, lock });
    const storage = createFileTree({ folder: filesFolder, fileMode, readOnly });
    const backend = sqlBackend(database, {
      storage,
      backup: (folder) => writeBackup(folder, { database, storage }),
      role: readOnly ? "reader" : "writer",
      full: project.full,
      report,
    });
    return lock === undefined ? backend : savedBackend({ backend, project, lock });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface SavedParts {
  readonly backend: Backend;
  readonly project: Project;
  readonly lock: ProjectLock;
}

/** A backend that acknowledges a write when it is in the file. */
function savedBackend({ backend, project, lock }: SavedParts): Backend {
  const { files: _, ...entities } = storeMethods(async ({ method, operation, argument }) => {
    const result = await callBackend(backend, method, argument);
    if (operation.access === "write") await project.save();
    return result;
  });
  return {
    ...backend,
    entities,
    async take(batch) {
      const outcome = await backend.take(batch);
      // Records that were taken before may have failed to get into the file.
      if (outcome.position === undefined || !project.isSaved()) await project.save();
      return outcome;
    },
    marks: {
      ...backend.marks,
      async remove(segment) {
        await backend.marks.remove(segment);
        await project.save();
      },
    },
    owners: {
      ...backend.owners,
      async release(owner, ending) {
        const isOwner = (await backend.owners.list()).some((one) => one.owner === owner);
        const ended = await backend.owners.release(owner, ending);
        if (isOwner) await project.save();
        return ended;
      },
    },
    async close() {
      try {
        await project.settled();
      } finally {
        await backend.close().finally(lock.release);
      }
    },
  };
}
