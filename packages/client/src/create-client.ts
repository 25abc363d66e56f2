import type { Artifact, ByteRange, MetricExport, OperationId, RunExport } from "@rivulet/core";
import { RivuletError } from "@rivulet/domain/errors";
import { ADDRESSES, type Address } from "./addresses.ts";
import type {
  ClientArtifacts,
  ClientModels,
  ClientRuns,
  ClientTraces,
  RivuletClient,
} from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import { decodeAnswer, readJson } from "./decode-answer.ts";
import { encodeCall, encodePlace } from "./encode-call.ts";
import { bytesOf } from "./export-answer.ts";
import { readGiven } from "./read-given.ts";
import { type Api, reachApi } from "./send.ts";

type Verb = (...given: unknown[]) => Promise<unknown>;
type Groups = Record<string, Record<string, Verb>>;

/**
 * A client of Rivulet's HTTP API, with the groups and verbs that an app has in its own process.
 *
 * ```ts
 * const rivulet = createClient({ baseUrl: "http://localhost:3000/mlops", token: "secret" });
 * const page = await rivulet.runs.search({ filter: "metrics.accuracy > 0.9" });
 * ```
 *
 * Every verb rejects with a RivuletError, as in the process: with the same code, message and details. Where nobody
 * answers, the code is `store_unavailable`.
 *
 * @throws RivuletError `invalid_argument` for options that are misspelt, or of which there can be no client
 */
export function createClient(options: ClientOptions): RivuletClient {
  return clientOf(reachApi(options));
}

function clientOf(api: Api): RivuletClient {
  const groups: Groups = {};
  for (const [id, address] of Object.entries(ADDRESSES)) {
    const [group = "", verb = ""] = id.split(".");
    groups[group] ??= {};
    groups[group][verb] = createVerb(api, id as OperationId, address);
  }
  for (const group of ["runs", "models", "traces", "sessions", "users", "datasets"]) {
    const verbs = groups[group] ?? {};
    verbs["find"] = findBy(verbs["get"]);
  }
  const artifacts = { ...groups["artifacts"], ...createFiles(api) };
  const runs = { ...groups["runs"], ...createExports(api) };
  const traces = { ...groups["traces"], ...createAttachments(api) };
  const models = { ...groups["models"], ...createModelFiles(api) };
  const withSignal = (signal: AbortSignal): RivuletClient =>
    clientOf({ ...api, send: (request) => api.send({ ...request, signal }) });
  const told = (path: string) => async (): Promise<unknown> =>
    readJson(await api.send({ method: "GET", path }));
  // What the addresses name is what the interfaces name; a test calls each.
  return Object.freeze({
    ...groups,
    artifacts,
    runs,
    traces,
    models,
    me: told("/me"),
    describeStore: told("/store"),
    stats: told("/stats"),
    withSignal,
  }) as unknown as RivuletClient;
}

function createVerb({ send }: Api, id: OperationId, address: Address): Verb {
  return async (...given) => decodeAnswer(id, await send(encodeCall(address, given)));
}

/** For `find`, "not found" is not an error. */
function findBy(get: Verb | undefined): Verb {
  return async (id) => {
    try {
      return await get?.(id);
    } catch (error) {
      if (error instanceof RivuletError && error.code === "not_found") return undefined;
      throw error;
    }
  };
}

type FileVerbs = Pick<ClientArtifacts, "get" | "put" | "stream" | "url" | "zip" | "zipUrl">;

/** The verbs of files, whose bytes are sent and received unchanged. */
function createFiles({ send, urlOf }: Api): FileVerbs {
  const placeOf = (id: "artifacts.get" | "artifacts.zip", given: object): string =>
    readGiven(() => encodePlace(ADDRESSES[id], { ...given }));
  return {
    stream: async (key, { range } = {}) => {
      const headers = headersOf(range);
      return (await send({ method: "GET", path: placeOf("artifacts.get", key), headers })).stream();
    },
    zip: async (query) =>
      (await send({ method: "GET", path: placeOf("artifacts.zip", query) })).stream(),
    zipUrl: (query) => urlOf(placeOf("artifacts.zip", query)),
    get: async (key) => {
      const path = placeOf("artifacts.get", key);
      return (await send({ method: "GET", path })).blob();
    },
    url: (key) => urlOf(placeOf("artifacts.get", key)),
    put: async (artifact) => {
      const { path, file } = readGiven(() => {
        const { content, contentType, ...key } = artifact;
        return {
          path: encodePlace(ADDRESSES["artifacts.put"], key),
          file: { content, contentType },
        };
      });
      const answer = await send({ method: "PUT", path, file });
      return (await readJson(answer)) as Artifact;
    },
  };
}

/** The verbs of files that are made of runs. */
function createExports({
  send,
  urlOf,
}: Api): Pick<ClientRuns, "export" | "exportMetrics" | "exportUrl" | "exportMetricsUrl"> {
  const pathOf = (id: "runs.export" | "runs.exportMetrics", query: object): string =>
    readGiven(() => encodePlace(ADDRESSES[id], { ...query }));
  // A list of ids is more than an address can hold.
  const ask = async (id: "runs.export" | "runs.exportMetrics", query: RunExport | MetricExport) =>
    bytesOf(
      await (query.runIds === undefined
        ? send({ method: "GET", path: pathOf(id, query) })
        : send({
            method: "POST",
            path: pathOf(id, {}),
            json: JSON.stringify(query),
          })),
    );
  return {
    export: (query) => ask("runs.export", query),
    exportMetrics: (query) => ask("runs.exportMetrics", query),
    exportUrl: (query) => urlOf(pathOf("runs.export", query)),
    exportMetricsUrl: (query) => urlOf(pathOf("runs.exportMetrics", query)),
  };
}

/** The verbs of the files of spans. */
function createAttachments({
  send,
  urlOf,
}: Api): Pick<ClientTraces, "getAttachment" | "attachmentUrl"> {
  const pathOf = (given: object): string =>
    encodePlace(ADDRESSES["traces.getAttachment"], { ...given });
  return {
    getAttachment: async (hash) => (await send({ method: "GET", path: pathOf({ hash }) })).blob(),
    attachmentUrl: (hash, options) => urlOf(pathOf({ hash, ...options })),
  };
}

type ModelVerbs = Pick<ClientModels, "load" | "stream" | "url" | "zip" | "zipUrl">;

/** The verbs of the files of model versions. */
function createModelFiles({ send, urlOf }: Api): ModelVerbs {
  const placeOf = (id: "models.load" | "models.zip", given: object): string =>
    readGiven(() => encodePlace(ADDRESSES[id], { ...given }));
  return {
    load: async (reference, options) => {
      const path = placeOf("models.load", { ...options, reference });
      const file = await (await send({ method: "GET", path })).blob();
      return new Uint8Array(await file.arrayBuffer());
    },
    stream: async (reference, { range, ...options } = {}) => {
      const path = placeOf("models.load", { ...options, reference });
      return (await send({ method: "GET", path, headers: headersOf(range) })).stream();
    },
    url: (reference, options) => urlOf(placeOf("models.load", { ...options, reference })),
    zip: async (reference) =>
      (await send({ method: "GET", path: placeOf("models.zip", { reference }) })).stream(),
    zipUrl: (reference) => urlOf(placeOf("models.zip", { reference })),
  };
}

function headersOf(range: ByteRange | undefined): { readonly range: string } | undefined {
  return range && { range: `bytes=${range.start}-${range.end ?? ""}` };
}
