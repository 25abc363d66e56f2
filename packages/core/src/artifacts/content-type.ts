import { mimes } from "mrmime";

/** Programs and style sheets count as text, so that a page that displays an artifact cannot run them. */
const CODE = ["cjs", "css", "js", "mjs", "mts", "ts"].map(
  (ending) => [ending, "text/plain"] as const,
);

/** By extension; later entries are types that the library lacks or gets wrong. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(mimes),
  ...CODE,
  ["ipynb", "application/x-ipynb+json"],
  ["jsonl", "application/jsonl"],
  ["onnx", "application/octet-stream"],
  ["parquet", "application/vnd.apache.parquet"],
  ["xml", "application/xml"],
  ["yaml", "application/yaml"],
  ["yml", "application/yaml"],
]);

/** MIME type by the extension of a path, if known. */
export function contentTypeOf(path: string): string | undefined {
  return TYPES.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}
