/** What a package may import besides itself and `node:` modules. */
export interface PackageRule {
  /** Workspace packages. */
  readonly packages: readonly string[];
  /** Third-party libraries. */
  readonly libraries: readonly string[];
}

/** Who may import whom: every package of the workspace, by its folder. */
export const PACKAGES: Readonly<Record<string, PackageRule>> = {
  domain: { packages: [], libraries: ["zod"] },
  store: {
    packages: ["domain"],
    libraries: ["@aws-sdk/client-s3", "birpc", "leven", "lowdb", "lru-cache", "p-limit", "re2js"],
  },
  core: {
    packages: ["domain", "store"],
    // The detectors of personal data, which have entries of their own, take validator and libphonenumber-js as peers.
    libraries: [
      "hyparquet",
      "hyparquet-writer",
      "csv-parse",
      "ipaddr.js",
      "libphonenumber-js",
      "lru-cache",
      "client-zip",
      "mrmime",
      "p-limit",
      "simple-statistics",
      "validator",
      "yaml",
    ],
  },
  // Of core only the types: it runs in a browser.
  client: { packages: ["domain", "core"], libraries: [] },
  postgres: { packages: ["domain", "store"], libraries: ["pg"] },
  langchain: { packages: ["core"], libraries: ["@langchain/core", "langchain", "lru-cache"] },
  "ai-sdk": { packages: ["core"], libraries: ["@ai-sdk/provider", "ai"] },
  tfjs: { packages: ["core"], libraries: ["@tensorflow/tfjs", "@tensorflow/tfjs-core"] },
  ml: { packages: ["core"], libraries: ["onnxruntime-common"] },
  mcp: { packages: ["core"], libraries: ["@modelcontextprotocol/sdk", "zod"] },
  otel: { packages: ["core"], libraries: ["pbf"] },
  mlflow: { packages: ["core", "otel"], libraries: ["yaml"] },
  // Peers only: no client is imported. Mistral's is no peer, because npm would refuse OpenTelemetry's newer SDKs beside it.
  providers: {
    packages: ["core"],
    libraries: ["@anthropic-ai/sdk", "@google/genai", "ollama", "openai"],
  },
  // Of the client only the table of addresses, which goes into the server's bundle: both ends have the same.
  server: { packages: ["core", "client"], libraries: ["rou3", "zod"] },
  express: { packages: ["core", "server", "mcp", "otel"], libraries: ["express"] },
  // The runtimes are peers that an app installs or not.
  serving: {
    packages: ["core"],
    libraries: ["@tensorflow/tfjs", "csv-parse", "onnxruntime-node", "p-limit"],
  },
  cli: {
    packages: ["core", "postgres", "server", "mcp", "mlflow", "otel", "serving", "demo"],
    libraries: ["cli-table3", "commander", "open", "picocolors", "zod"],
  },
  dashboard: {
    packages: ["client", "core", "domain"],
    libraries: [
      "@github/combobox-nav",
      "@primer/behaviors",
      "@tanstack/query-core",
      "diff",
      "markdown-it",
      "preact",
      "tinykeys",
      "uplot",
      "vite",
      "wouter-preact",
    ],
  },
};

/** Packages that take core as a peer, so that an app has one copy of it. */
export const ADAPTERS: readonly string[] = [
  "client",
  "langchain",
  "ai-sdk",
  "mcp",
  "mlflow",
  "otel",
  "providers",
  "server",
  "express",
];

/** Folder → the folders of its package that it may import. */
export type Layers = Readonly<Record<string, readonly string[]>>;

/** Inside a package data flows downward only. Files beside the folders may import anything. */
export const LAYERS: Readonly<Record<string, Layers>> = {
  store: {
    media: [],
    secrets: [],
    "json-text": ["media", "secrets"],
    port: ["json-text"],
    sql: ["port", "json-text"],
    files: ["port", "sql"],
    backup: ["port", "sql", "files"],
    engine: ["port", "json-text"],
    migration: ["port", "engine", "sql", "files", "backup"],
    drivers: ["port", "engine", "sql", "files", "backup", "migration", "json-text"],
    contract: ["port"],
  },
  core: {
    operations: [
      "artifacts",
      "inputs",
      "logged-models",
      "tracking",
      "registry",
      "prompts",
      "tracing",
      "sessions",
      "datasets",
      "views",
      "evaluation",
      "webhooks",
    ],
    masking: [],
    pii: ["masking"],
    artifacts: [],
    tables: [],
    inputs: [],
    "logged-models": ["artifacts", "masking"],
    source: [],
    "system-metrics": [],
    tracking: [
      "artifacts",
      "inputs",
      "logged-models",
      "masking",
      "source",
      "system-metrics",
      "tables",
    ],
    registry: ["artifacts", "evaluation"],
    webhooks: [],
    prompts: [],
    tracing: ["masking"],
    sessions: [],
    propagation: ["tracing"],
    datasets: ["masking"],
    views: [],
    evaluation: ["datasets", "masking", "tracing", "tracking"],
    opening: [],
    testing: [],
  },
  postgres: { dialect: [], database: ["dialect"] },
  domain: { filter: [], message: [] },
  otel: { normalize: [], otlp: ["normalize"], sdk: ["normalize"], export: [] },
  providers: {
    calls: [],
    stainless: ["calls"],
    openai: ["calls", "stainless"],
    anthropic: ["calls", "stainless"],
    // The SDK tells of messages as Anthropic's API has them.
    "claude-agent": ["calls", "anthropic"],
    google: ["calls"],
    ollama: ["calls"],
    // It answers as OpenAI does.
    mistral: ["calls", "openai"],
  },
  langchain: {
    runs: [],
    prompts: ["runs"],
    recording: ["runs", "prompts"],
    instrumentation: ["runs"],
  },
  "ai-sdk": {
    sdk: [],
    models: ["sdk"],
    calls: ["sdk", "models"],
    v6: ["sdk", "models", "calls"],
    v7: ["sdk", "models", "calls"],
  },
};

/** The same for the folders of a folder: what stands beside them may be imported by all. */
export const INNER_LAYERS: Readonly<Record<string, Layers>> = {
  "store/drivers": {
    sqlite: [],
    // SQLite's database, with no file.
    memory: ["sqlite"],
    json: ["memory"],
  },
};

/** Files beside the folders that the folders may import. */
export const SHARED_FILES: Readonly<Record<string, readonly string[]>> = {
  store: ["file-modes.ts"],
  domain: ["entities.ts", "entity.ts", "errors.ts", "json.ts", "limits.ts"],
  langchain: ["callback-handler.ts", "handler-options.ts"],
  "ai-sdk": ["telemetry-options.ts"],
  otel: ["record-spans.ts"],
  postgres: ["connection-settings.ts", "options.ts", "tls.ts"],
  core: [
    "context.ts",
    "params.ts",
    "pool.ts",
    "query.ts",
    "reference.ts",
    "seeded-random.ts",
    // Its type only: operations are verbs of the client.
    "rivulet.ts",
    "stable-hash.ts",
    "listeners.ts",
    "validation.ts",
  ],
};
