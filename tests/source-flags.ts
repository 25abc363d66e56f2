import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FOLDER = join(import.meta.dirname, "../node_modules/.cache");
const WORKERS = join(FOLDER, "workers.mjs");

/** Texts of the stores' workers by the names under which the packages look for them. */
export type WorkerTexts = Readonly<Record<string, string>>;

/** Puts the workers where processes that tests start find them. */
export function keepWorkers(texts: WorkerTexts): void {
  const lines = Object.entries(texts).map(
    ([name, text]) => `globalThis.${name} = ${JSON.stringify(text)};\n`,
  );
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${WORKERS}.${process.pid}`, lines.join(""));
  renameSync(`${WORKERS}.${process.pid}`, WORKERS);
}

/** Flags of a Node process that runs the packages from their sources; the stores' workers from one text, if it is there. */
export const SOURCE_FLAGS: readonly string[] = [
  "--conditions=@rivulet/source",
  ...(existsSync(WORKERS) ? [`--import=${pathToFileURL(WORKERS).href}`] : []),
];
