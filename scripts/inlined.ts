import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

/** The part of a tsup config that has to do with libraries that are put into the package's own JavaScript. */
export interface Inlined {
  readonly noExternal: string[];
  esbuildOptions(options: { sourcesContent?: boolean }): void;
}

/**
 * Puts libraries into the package's own JavaScript, without what is not used of them: less to install, and faster
 * to load. Their licences go with it.
 *
 * @param names libraries that the package in the current folder depends on
 */
export function inlined(names: readonly string[]): Inlined {
  const licences = names.map((name) => {
    const [file] = globSync(`node_modules/${name}/LICEN[CS]E*`);
    if (file === undefined) throw new Error(`${name} has no licence in its folder.`);
    return `${name}\n\n${readFileSync(file, "utf8").trim()}\n`;
  });
  mkdirSync("dist", { recursive: true });
  writeFileSync("dist/third-party-licences.txt", licences.join("\n\n"));
  return {
    noExternal: [...names],
    // Our sources are in the package, beside the maps.
    esbuildOptions: (options) => {
      options.sourcesContent = false;
    },
  };
}
