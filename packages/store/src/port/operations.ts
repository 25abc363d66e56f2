import type { EntityStores, StoreChange } from "./store.ts";

/** What is to be known of an operation from outside: where it goes, and what changes by it. */
export type Operation =
  | { readonly access: "read" }
  | {
      readonly access: "write";
      /** Undefined: nothing has changed. */
      readonly change: (argument: unknown, result: unknown) => StoreChange | undefined;
    };

/** Every operation of every entity; one that is missing here does not compile. */
export type Operations = {
  readonly [E in keyof EntityStores]: { readonly [M in keyof EntityStores[E]]: Operation };
};

const read: Operation = { access: "read" };

type IdsOf = (argument: unknown) => readonly string[];

function write(entity: StoreChange["entity"], ids: IdsOf): Operation {
  return { access: "write", change: (argument) => changeOf(entity, ids(argument)) };
}

function changeOf(entity: StoreChange["entity"], ids: readonly string[]): StoreChange | undefined {
  return ids.length === 0 ? undefined : { entity, ids };
}

function field(name: string): IdsOf {
  return (argument) => [String((argument as Readonly<Record<string, unknown>>)[name])];
}

function fieldOfEach(name: string): IdsOf {
  const read = field(name);
  return (argument) => [...new Set((argument as readonly unknown[]).flatMap(read))];
}

const itself: IdsOf = (argument) => [String(argument)];
const id = field("id");
const named = field("name");

/** The port, as facts. */
export const operations: Operations = {
  experiments: {
    create: write("experiment", id),
    get: read,
    findByName: read,
    update: write("experiment", id),
    search: read,
  },
  runs: {
    create: write("run", id),
    get: read,
    update: write("run", id),
    logBatch: write("run", field("runId")),
    metricHistory: read,
    metricSeries: read,
    keys: read,
    search: read,
  },
  artifacts: { put: write("run", field("runId")), get: read, list: read },
  models: {
    create: write("model", named),
    get: read,
    update: write("model", named),
    delete: write("model", itself),
    search: read,
    addVersion: write("model", named),
    getVersion: read,
    findVersionByAlias: read,
    updateVersion: write("model", named),
    deleteVersion: write("model", named),
    searchVersions: read,
    setAlias: write("model", named),
    deleteAlias: write("model", named),
  },
  prompts: {
    addVersion: write("prompt", named),
    get: read,
    update: write("prompt", named),
    delete: write("prompt", itself),
    search: read,
    getVersion: read,
    listVersions: read,
    setAlias: write("prompt", named),
    deleteAlias: write("prompt", named),
  },
  traces: {
    get: read,
    listSpans: read,
    loadSpans: read,
    getSpan: read,
    search: read,
    update: write("trace", id),
    delete: write("trace", (ids) => ids as readonly string[]),
    closeAbandoned: {
      access: "write",
      change: (_, result) => changeOf("trace", result as readonly string[]),
    },
  },
  assessments: {
    add: write("assessment", fieldOfEach("id")),
    list: read,
    delete: write("assessment", itself),
  },
  datasets: {
    create: write("dataset", named),
    get: read,
    update: write("dataset", named),
    delete: write("dataset", itself),
    search: read,
    changeRecords: write("dataset", named),
    listRecords: read,
  },
  evaluations: {
    create: write("evaluation", id),
    get: read,
    update: write("evaluation", id),
    addRows: write("evaluation", fieldOfEach("evaluationId")),
    listRows: read,
    search: read,
  },
};
