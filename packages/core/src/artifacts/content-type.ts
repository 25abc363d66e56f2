import { mimes } from "mrmime";

/** By ending; the later ones are what the library does not know, or takes for something else. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(mimes),
  ["ipynb", "application/x-ipynb+json"],
  ["jsonl", "application/jsonl"],
  ["mts", "text/plain"],
  ["onnx", "application/octet-stream"],
  ["parquet", "application/vnd.apache.parquet"],
  ["ts", "text/plain"],
  ["xml", "application/xml"],
  ["yaml", "application/yaml"],
  ["yml", "application/yaml"],
]);

/** The MIME type that the path's ending says, if any. */
export function contentTypeOf(path: string): string | undefined {
  return TYPES.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}
