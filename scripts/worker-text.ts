import { build } from "esbuild";

/** What a store's worker is bundled from. */
export interface WorkerSource {
  /** The module that the worker runs. */
  readonly entry: string;
  /** Constants that are set when the package is built. */
  readonly define?: Readonly<Record<string, string>>;
  /** Modules that stay imports. */
  readonly external?: readonly string[];
  /** Conditions by which packages of the workspace are found. @default what they were built to */
  readonly conditions?: readonly string[];
}

/** A store's worker as one text, so that it survives whatever bundler the app uses. */
export async function workerText({
  entry,
  define = {},
  external = [],
  conditions = [],
}: WorkerSource): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node22",
    minify: true,
    define: { ...define },
    external: [...external],
    conditions: [...conditions],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`No worker came of ${entry}.`);
  return file.text;
}
