import type { ModelFiles } from "../model.ts";

/** The file with an ending: the one that the version names, else the first. */
export function modelFile({ main, paths }: ModelFiles, ending: string): string | undefined {
  if (main !== undefined) return main.endsWith(ending) ? main : undefined;
  return paths.find((path) => path.endsWith(ending));
}
