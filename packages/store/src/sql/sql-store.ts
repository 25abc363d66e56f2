import type { Operation } from "../port/operation.ts";
import { type EntityStores, operations } from "../port/store.ts";
import type { ChangeWriter } from "./change-log.ts";
import type { Database } from "./database.ts";
import { artifactIndex } from "./entities/artifact-index.ts";
import { assessmentStore } from "./entities/assessment-store.ts";
import { datasetStore } from "./entities/dataset-store.ts";
import { evaluationStore } from "./entities/evaluation-store.ts";
import { experimentStore } from "./entities/experiment-store.ts";
import { modelStore } from "./entities/model-store.ts";
import { promptStore } from "./entities/prompt-store.ts";
import { runStore } from "./entities/run-store.ts";
import { traceStore } from "./entities/trace-store.ts";
import type { FileStorage } from "./file-storage.ts";

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

const factoriesOf = (storage: FileStorage): Factories => ({
  experiments: experimentStore,
  runs: runStore,
  artifacts: (database) => artifactIndex(database, storage),
  models: modelStore,
  prompts: promptStore,
  traces: traceStore,
  assessments: assessmentStore,
  datasets: datasetStore,
  evaluations: evaluationStore,
});

/** All entities on one database. */
export function sqlStore(database: Database, { storage, changes }: SqlStoreParts): EntityStores {
  const entities = Object.entries(factoriesOf(storage)).map(([entity, make]) => {
    const methods = operations[entity as keyof EntityStores];
    return [
      entity,
      changes === undefined ? make(database) : noting({ database, make, methods, changes }),
    ];
  });
  return Object.fromEntries(entities) as EntityStores;
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
