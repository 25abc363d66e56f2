import { lookUp } from "../format/look-up.ts";

const REPOSITORY = "https://github.com/rivulet-ml/rivulet";

/** The documentation, as the README begins it. */
export const DOCUMENTATION: string = `${REPOSITORY}#readme`;

/** What explains a page, by the first part of its path. */
const PAGES: Readonly<Record<string, readonly [topic: string, file: string]>> = {
  runs: ["runs", "packages/core/README.md#runs-and-models"],
  traces: ["traces", "packages/core/README.md#prompts-and-traces"],
  sessions: ["sessions and users", "packages/core/README.md#sessions-and-users"],
  users: ["sessions and users", "packages/core/README.md#sessions-and-users"],
  prompts: ["prompts", "packages/core/README.md#prompts-and-traces"],
  models: ["models", "packages/core/README.md#runs-and-models"],
};

/** Where one reads about the page at a path. Nothing is loaded from there before the link is followed. */
export function helpOn(path: string): { readonly topic: string; readonly href: string } {
  const parts = path.split("/");
  const [, first = "", , inExperiment = ""] = parts;
  const [topic, file] = lookUp(PAGES, first === "experiments" ? inExperiment : first) ?? [];
  if (topic === undefined || file === undefined) return { topic: "Rivulet", href: DOCUMENTATION };
  return { topic, href: `${REPOSITORY}/blob/main/${file}` };
}
