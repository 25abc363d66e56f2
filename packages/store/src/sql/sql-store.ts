import type { FileStore } from "../port/files.ts";
import type { Operation } from "../port/operation.ts";
import { type EntityStores, operations } from "../port/store.ts";
import type { ChangeWriter } from "./change-log.ts";
import type { Database } from "./database.ts";
import { artifactIndex } from "./entities/artifact-index.ts";
import { assessmentStore } from "./entities/assessment-store.ts";
import { datasetStore } from "./entities/dataset-store.ts";
import { evaluationStore } from "./entities/evaluation-store.ts";
import { experimentStore } from "./entities/experiment-store.ts";
import { factStore } from "./entities/fact-store.ts";
import { loggedModelStore } from "./entities/logged-model-store.ts";
import { modelStore } from "./entities/model-store.ts";
import { promptStore } from "./entities/prompt-store.ts";
import { runStore } from "./entities/run-store.ts";
import { sessionStore, userStore } from "./entities/session-store.ts";
import { traceStore } from "./entities/trace-store.ts";
import { viewStore } from "./entities/view-store.ts";
import { webhookStore } from "./entities/webhook-store.ts";
import type { FileStorage } from "./file-storage.ts";
import { deleteFiles } from "./named-files.ts";

/** What the entities need besides their database. */
export interface SqlStoreParts {
  /** Where the bytes of files are. */
  readonly storage: FileStorage;
  /** Records what each writing call changes. @default nothing is recorded */
  readonly changes?: ChangeWriter | undefined;
}

type Factories = {
  readonly [E in keyof EntityStores]: (database: Database) => EntityStores[E];
};

const factoriesOf = (storage: FileStorage, deleteFiles: FileStore["delete"]): Factories => ({
  experiments: experimentStore,
  runs: (database) => runStore(database, deleteFiles),
  artifacts: (database) => artifactIndex(database, storage),
  loggedModels: loggedModelStore,
  models: (database) => modelStore(database, storage),
  prompts: promptStore,
  traces: (database) => traceStore(database, deleteFiles),
  sessions: sessionStore,
  users: userStore,
  assessments: assessmentStore,
  datasets: datasetStore,
  evaluations: evaluationStore,
  views: viewStore,
  webhooks: webhookStore,
  facts: factStore,
});

/** All entities on one database. */
export function sqlStore(database: Database, { storage, changes }: SqlStoreParts): EntityStores {
  const factories = factoriesOf(storage, (ids) => deleteOldFiles(database, storage, ids));
  const entities = Object.entries(factories).map(([entity, make]) => {
    const methods = operations[entity as keyof EntityStores];
    return [
      entity,
      changes === undefined ? make(database) : noting({ database, make, methods, changes }),
    ];
  });
  return Object.fromEntries(entities) as EntityStores;
}

/** Somebody may be about to refer again to what was written a moment ago: that is left to the removal of left files. */
const YOUNG_MS = 60_000;

/** In a transaction of its own, which changes nothing that anybody is told of. */
async function deleteOldFiles(
  database: Database,
  storage: FileStorage,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const files = { ids, olderThanMs: YOUNG_MS };
  return database.transaction((sql) => deleteFiles(sql, storage, files));
}

type Method = (argument: unknown) => Promise<unknown>;

interface Noting {
  readonly database: Database;
  readonly make: (database: Database) => object;
  readonly methods: Readonly<Record<string, Operation>>;
  readonly changes: ChangeWriter;
}

/** Adds a change record to the transactions of all writing calls. */
function noting({ database, make, methods, changes }: Noting): object {
  const methodOf = (within: Database, name: string): Method =>
    (make(within) as Readonly<Record<string, Method>>)[name] as Method;
  const calls = Object.entries(methods).map(([name, operation]): [string, Method] => {
    if (operation.access === "read") return [name, methodOf(database, name)];
    return [
      name,
      (argument) => {
        const transaction: Database["transaction"] = (work) =>
          database.transaction(async (sql) => {
            const result = await work(sql);
            const change = operation.change(argument, result);
            if (change !== undefined) await changes.note(sql, [change]);
            return result;
          });
        return methodOf({ ...database, transaction }, name)(argument);
      },
    ];
  });
  return Object.fromEntries(calls);
}
