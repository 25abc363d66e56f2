import type {
  Artifact,
  ArtifactInput,
  ArtifactSelection,
  Artifacts,
  ByteRange,
  Datasets,
  Evaluations,
  Experiments,
  LoadModelOptions,
  LoggedModels,
  MetricExport,
  Models,
  OperationAccess,
  PromptRef,
  Prompts,
  PromptVersion,
  RivuletStats,
  RunExport,
  Runs,
  Sessions,
  StoreDescription,
  StreamModelOptions,
  Traces,
  Users,
  Views,
  Webhooks,
} from "@rivulet/core";

/** A version of a prompt, as it is sent: without the methods that fill it in. `prompts.render` does that. */
export interface SentPrompt extends PromptVersion {
  /** Which version this is, and through which alias it came. */
  readonly ref: PromptRef;
}

/** Runs, but for those verbs whose work is done in the app's own process. */
export interface ClientRuns extends Omit<Runs, "start" | "with" | "sweep"> {
  /** Where the file of `export` is, for links: a browser saves it. @throws RivuletError `invalid_argument` */
  exportUrl(query: RunExport): string;
  /** Where the file of `exportMetrics` is, for links: a browser saves it. @throws RivuletError `invalid_argument` */
  exportMetricsUrl(query: MetricExport): string;
}

/** The prompt registry. Prompts come as data. */
export interface ClientPrompts
  extends Omit<Prompts, "register" | "get" | "findRendered" | "subscribe"> {
  /**
   * Adds a version under the next number, creating the prompt if it does not exist.
   *
   * @throws RivuletError `invalid_argument`
   */
  register(options: Parameters<Prompts["register"]>[0]): Promise<SentPrompt>;
  /**
   * Fetches a version: `'greet@production'`, `'greet@3'`, or `'greet'` for the newest.
   *
   * @throws RivuletError `not_found`; `invalid_argument` for a malformed reference
   */
  get(...given: Parameters<Prompts["get"]>): Promise<SentPrompt>;
}

/** A file to store with a run. */
export interface ClientArtifactInput extends Omit<ArtifactInput, "content"> {
  /**
   * Text or bytes, or what gives them part by part: a stream of Node or of the web, an asynchronous iterable. Browsers send
   * those over HTTP/2 only, and some not at all: there it is refused. What a stream throws, `put` rejects with.
   */
  readonly content:
    | string
    | Blob
    | ArrayBuffer
    | SharedArrayBuffer
    | ArrayBufferView
    | ReadableStream<Uint8Array | string>
    | AsyncIterable<Uint8Array | string>;
}

/** Files kept with runs. */
export interface ClientArtifacts extends Pick<Artifacts, "list" | "listFolder" | "delete"> {
  /**
   * Stores a file atomically; one with the same path is replaced.
   *
   * @throws RivuletError `not_found` for the run; `invalid_argument` for path or type; `limit_exceeded`
   */
  put(artifact: ClientArtifactInput): Promise<Artifact>;
  /** The bytes of a file, and their type. @throws RivuletError `not_found` */
  get(key: Parameters<Artifacts["get"]>[0]): Promise<Blob>;
  /**
   * The bytes of a file, or of a range of them, as they come. The stream fails with `store_unavailable` when it is cut off.
   *
   * @throws RivuletError `not_found`; `invalid_argument` for a range that begins behind the end
   */
  stream(
    key: Parameters<Artifacts["get"]>[0],
    options?: { readonly range?: ByteRange },
  ): Promise<ReadableStream<Uint8Array>>;
  /** All files of a folder as a ZIP archive, as it comes. @throws RivuletError `not_found` */
  zip(query: ArtifactSelection): Promise<ReadableStream<Uint8Array>>;
  /** Where the ZIP archive of a folder is, for links. @throws RivuletError `invalid_argument` */
  zipUrl(query: ArtifactSelection): string;
  /** Where a file is, for links and pictures; `download` makes a browser save it. @throws RivuletError `invalid_argument` */
  url(key: Parameters<Artifacts["get"]>[0] & { readonly download?: boolean }): string;
}

/** The model registry. */
export interface ClientModels extends Omit<Models, "download" | "stream" | "subscribe"> {
  /**
   * The bytes of a file of a version, or of a range of them, as they come. The stream fails with `store_unavailable` when
   * it is cut off.
   *
   * @throws RivuletError `not_found`; `invalid_argument` for a folder without `path`, or for a range behind the end
   */
  stream(reference: string, options?: StreamModelOptions): Promise<ReadableStream<Uint8Array>>;
  /** Where a file of a version is, for links; `download` makes a browser save it. @throws RivuletError `invalid_argument` */
  url(reference: string, options?: ModelUrlOptions): string;
  /** Where the ZIP archive of a version is, for links. @throws RivuletError `invalid_argument` */
  zipUrl(reference: string): string;
}

/** Options of `models.url`. */
export interface ModelUrlOptions extends LoadModelOptions {
  /** To be saved instead of shown. @default false */
  readonly download?: boolean;
}

/** Recorded traces, and what was said of them. */
export interface ClientTraces extends Omit<Traces, "record" | "getAttachment"> {
  /** The bytes of a file of spans, and their type. @throws RivuletError `not_found` also when they are not kept, with the reason */
  getAttachment(hash: string): Promise<Blob>;
  /** Where a file of spans is, for links and pictures; `download` makes a browser save it. */
  attachmentUrl(hash: string, options?: { readonly download?: boolean }): string;
}

/** Who calls. */
export interface Caller {
  /** User, key or service. */
  readonly id: string;
  /** Each level includes those before it: `public`, `ingest`, `read`, `annotate`, `write`, `admin`. */
  readonly access: "public" | "ingest" | OperationAccess;
}

/** Rivulet behind its HTTP API: the groups and verbs of the client in an app's own process. */
export interface RivuletClient {
  /** Named sets of runs and traces. */
  readonly experiments: Experiments;
  /** Executions with params, metrics, tags and artifacts. */
  readonly runs: ClientRuns;
  /** Files kept with runs. */
  readonly artifacts: ClientArtifacts;
  /** Models that runs have made. */
  readonly loggedModels: LoggedModels;
  /** The model registry. */
  readonly models: ClientModels;
  /** The prompt registry. */
  readonly prompts: ClientPrompts;
  /** Recorded traces. */
  readonly traces: ClientTraces;
  /** Conversations: traces with the same `sessionId`. */
  readonly sessions: Sessions;
  /** End users: traces with the same `userId`. */
  readonly users: Users;
  /** Datasets of examples. */
  readonly datasets: Datasets;
  /** Finished and running evaluations. */
  readonly evaluations: Evaluations;
  /** Saved views of the dashboard's lists. */
  readonly views: Views;
  /** Addresses that are told of changes of models and prompts. */
  readonly webhooks: Webhooks;
  /** Who calls, and what they may do. */
  me(): Promise<Caller>;
  /** How large the store is, what is in it, and what retention removes. */
  describeStore(): Promise<StoreDescription>;
  /** How the server's store and journal are doing. */
  stats(): Promise<RivuletStats>;
  /** The same client, whose calls end with an error of the code `aborted` when the signal is. */
  withSignal(signal: AbortSignal): RivuletClient;
}
