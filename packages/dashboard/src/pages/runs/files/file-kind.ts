import type { ShownFile } from "../../../questions/files.ts";

/** How a file is shown. */
export type FileKind =
  | "image"
  | "svg"
  | "pdf"
  | "html"
  | "audio"
  | "video"
  | "csv"
  | "tsv"
  | "json"
  | "jsonl"
  | "yaml"
  | "markdown"
  | "notebook"
  | "text"
  /** Nothing can be read in it. */
  | "bytes";

const KINDS: Readonly<Record<string, FileKind>> = {
  "application/jsonl": "jsonl",
  "application/x-ndjson": "jsonl",
  "application/pdf": "pdf",
  "application/x-ipynb+json": "notebook",
  "application/yaml": "yaml",
  "application/x-yaml": "yaml",
  "image/svg+xml": "svg",
  "text/csv": "csv",
  "text/html": "html",
  "text/markdown": "markdown",
  "text/tab-separated-values": "tsv",
  "text/yaml": "yaml",
};

/** Pictures that cannot carry a script. */
const IMAGE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

/** What a type leaves open is told by the name. */
const BY_ENDING: Readonly<Record<string, FileKind>> = {
  csv: "csv",
  ipynb: "notebook",
  json: "json",
  jsonl: "jsonl",
  md: "markdown",
  ndjson: "jsonl",
  tsv: "tsv",
  yaml: "yaml",
  yml: "yaml",
  // The file that describes a model of MLflow's has no ending.
  mlmodel: "yaml",
};

/** How a file is shown: by its type, and where that says little, by its name. */
export function kindOf({ path, contentType }: ShownFile): FileKind {
  const type = typeOf(contentType);
  if (Object.hasOwn(KINDS, type)) return KINDS[type] ?? "text";
  if (IMAGE.test(type)) return "image";
  const [, medium] = /^(audio|video|image|font)\//.exec(type) ?? [];
  if (medium === "audio" || medium === "video") return medium;
  if (medium !== undefined) return "bytes";
  const ending = path.slice(Math.max(path.lastIndexOf("."), path.lastIndexOf("/")) + 1);
  const byName = BY_ENDING[ending.toLowerCase()];
  if (byName !== undefined) return byName;
  return /^application\/(?:.*\+)?json$/.test(type) ? "json" : "text";
}

/** A type without what stands behind it, such as a character set. */
export function typeOf(contentType: string): string {
  return contentType.split(";")[0]?.trim().toLowerCase() ?? "";
}
