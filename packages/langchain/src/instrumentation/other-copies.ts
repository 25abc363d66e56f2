import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fieldsOf } from "../runs/read-fields.ts";

const MANAGER = "@langchain/core/callbacks/manager";
const FAMILY = /^(?:langchain|@langchain\/.+)$/;

/**
 * Where the app's packages of LangChain find another copy of `@langchain/core` than this package does: its calls are
 * not seen. As far as the app's `package.json` tells, in the folder in which it runs; empty when nothing can be told.
 */
export function findOtherCopies(): readonly string[] {
  try {
    const own = copyFor(createRequire(import.meta.url));
    const root = join(process.cwd(), "package.json");
    const app = createRequire(root);
    const copies = new Set<string>();
    for (const name of familyIn(root)) {
      const copy = name === "@langchain/core" ? copyFor(app) : copyFor(requireOf(app, name));
      if (copy !== undefined && copy !== own) copies.add(copy);
    }
    return own === undefined ? [] : [...copies];
  } catch {
    return [];
  }
}

function familyIn(file: string): readonly string[] {
  const { dependencies, devDependencies } = fieldsOf(JSON.parse(readFileSync(file, "utf8")));
  const names = Object.keys({ ...fieldsOf(dependencies), ...fieldsOf(devDependencies) });
  return names.filter((name) => FAMILY.test(name));
}

function requireOf(app: NodeJS.Require, name: string): NodeJS.Require | undefined {
  try {
    return createRequire(realpathSync(app.resolve(`${name}/package.json`)));
  } catch {
    return undefined;
  }
}

/** The folder of the copy that is found from there. */
function copyFor(from: NodeJS.Require | undefined): string | undefined {
  try {
    const file = from === undefined ? undefined : realpathSync(from.resolve(MANAGER));
    const [folder] = /^.*[\\/]@langchain[\\/]core(?=[\\/])/.exec(file ?? "") ?? [];
    return folder ?? (file === undefined ? undefined : dirname(file));
  } catch {
    return undefined;
  }
}
