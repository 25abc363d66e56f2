import { mimes } from "mrmime";

/** Programs and style sheets are text: the page that shows an artifact must not be able to use them. */
const CODE = ["cjs", "css", "js", "mjs", "mts", "ts"].map(
  (ending) => [ending, "text/plain"] as const,
);

/** By ending; the later ones are what the library does not know, or takes for something else. */
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

/** The MIME type that the path's ending says, if any. */
export function contentTypeOf(path: string): string | undefined {
  return TYPES.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}
