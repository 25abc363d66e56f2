import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One mount, as the document shows it. */
export interface DocumentedMount {
  /** The section's title. */
  readonly name: string;
  /** Packages to install. */
  readonly packages: readonly string[];
  /** What to run after that; the last one is the server. */
  readonly commands: readonly string[];
  /** Path → text. */
  readonly files: ReadonlyMap<string, string>;
}

const DOCUMENT = join(import.meta.dirname, "../../docs/mounts.md");
const SECTION = /^## (.+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm;
const FENCE = /^```(sh|js)\n([\s\S]*?)^```$/gm;
const FILE_NAME = /^\/\/ (\S+)\n/;

/** Reads the mounts of `docs/mounts.md`: shell lines, and programs whose first line names their file. */
export function readMounts(): readonly DocumentedMount[] {
  const text = readFileSync(DOCUMENT, "utf8");
  return [...text.matchAll(SECTION)].map(([, name = "", section = ""]) => {
    const blocks = [...section.matchAll(FENCE)].map(([, kind, code = ""]) => ({ kind, code }));
    const lines = blocks
      .filter(({ kind }) => kind === "sh")
      .flatMap(({ code }) => code.trim().split("\n"));
    const [install = "", ...commands] = lines;
    const programs = blocks.filter(({ kind }) => kind === "js");
    return {
      name,
      packages: install.replace("npm install ", "").split(" "),
      commands,
      files: new Map(programs.map(({ code }) => [FILE_NAME.exec(code)?.[1] ?? "", code])),
    };
  });
}
