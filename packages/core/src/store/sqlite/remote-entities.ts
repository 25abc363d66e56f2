import type { EntityStores } from "../sql/sql-store.ts";

/** Every method of the port that a worker answers. A new method that is not named here does not compile. */
const METHODS: {
  readonly [E in keyof EntityStores]: Readonly<Record<keyof EntityStores[E], "read" | "write">>;
} = {
  experiments: {
    create: "write",
    get: "read",
    findByName: "read",
    update: "write",
    search: "read",
  },
  runs: {
    create: "write",
    get: "read",
    update: "write",
    logBatch: "write",
    metricHistory: "read",
    metricSeries: "read",
    keys: "read",
    search: "read",
  },
  artifacts: { put: "write", get: "read", list: "read" },
  models: {
    create: "write",
    get: "read",
    update: "write",
    delete: "write",
    search: "read",
    addVersion: "write",
    getVersion: "read",
    findVersionByAlias: "read",
    updateVersion: "write",
    deleteVersion: "write",
    searchVersions: "read",
    setAlias: "write",
    deleteAlias: "write",
  },
  prompts: {
    addVersion: "write",
    get: "read",
    update: "write",
    delete: "write",
    search: "read",
    getVersion: "read",
    listVersions: "read",
    setAlias: "write",
    deleteAlias: "write",
  },
  traces: {
    get: "read",
    listSpans: "read",
    loadSpans: "read",
    getSpan: "read",
    search: "read",
    update: "write",
    delete: "write",
    closeAbandoned: "write",
  },
  assessments: { add: "write", list: "read", delete: "write" },
  datasets: {
    create: "write",
    get: "read",
    update: "write",
    delete: "write",
    search: "read",
    changeRecords: "write",
    listRecords: "read",
  },
  evaluations: {
    create: "write",
    get: "read",
    update: "write",
    addRows: "write",
    listRows: "read",
    search: "read",
  },
};

/** One call of the port. */
export interface RemoteCall {
  readonly entity: keyof EntityStores;
  readonly method: string;
  readonly access: "read" | "write";
  readonly argument: unknown;
}

/** The port's entities, each call handed to `call`. */
export function remoteEntities(call: (request: RemoteCall) => Promise<unknown>): EntityStores {
  const entities = Object.entries(METHODS).map(([entity, methods]) => [
    entity,
    Object.fromEntries(
      Object.entries(methods).map(([method, access]) => [
        method,
        (argument: unknown) =>
          call({ entity: entity as keyof EntityStores, method, access, argument }),
      ]),
    ),
  ]);
  return Object.fromEntries(entities) as EntityStores;
}

/** The methods as a list. */
export const remoteMethods: readonly Omit<RemoteCall, "argument">[] = Object.entries(
  METHODS,
).flatMap(([entity, methods]) =>
  Object.entries(methods).map(([method, access]) => ({
    entity: entity as keyof EntityStores,
    method,
    access,
  })),
);
