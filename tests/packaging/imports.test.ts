import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { ROOT } from "./packed.ts";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const packages = readdirSync(join(ROOT, "packages"))
  .map((folder) => ({ folder: join(ROOT, "packages", folder), manifest: read(folder) }))
  .filter(({ manifest }) => manifest.private !== true);

function read(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, "packages", folder, "package.json"), "utf8"));
}

/** The built files that somebody can load. */
function entriesOf({ bin = {}, publishConfig = {} }: Manifest): readonly string[] {
  const exported = Object.values(publishConfig.exports ?? {}).map((entry) =>
    typeof entry === "string" ? entry : (entry as { readonly default?: string }).default,
  );
  return [...Object.values(bin), ...exported].filter((path): path is string =>
    /^\.\/dist\/.*\.js$/.test(path ?? ""),
  );
}

/** `@scope/name/file` → `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

it.each(packages)(
  "what $manifest.name loads once it is built is Node's, its own, or said in its package.json",
  async ({ folder, manifest }) => {
    const entryPoints = [...entriesOf(manifest)];
    expect(entryPoints).not.toEqual([]);
    const { metafile } = await build({
      absWorkingDir: folder,
      entryPoints,
      outdir: "nowhere",
      bundle: true,
      splitting: true,
      packages: "external",
      platform: "node",
      format: "esm",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const loaded = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
    const specifiers = loaded.filter(({ external }) => external).map(({ path }) => path);
    const known = new Set([
      manifest.name,
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.peerDependencies ?? {}),
    ]);
    expect(specifiers.filter((path) => !isBuiltin(path) && !known.has(packageOf(path)))).toEqual(
      [],
    );
  },
);
