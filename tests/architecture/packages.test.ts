import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ADAPTERS, INNER_LAYERS, LAYERS, type Layers, PACKAGES, SHARED_FILES } from "./rules.ts";

/** Development tools and types: they leave no trace in what is published. */
const TOOLS = /^(@types\/|esbuild$)/;

const manifests = globSync("packages/*/package.json").map((file) => {
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const wanted = Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  });
  return {
    name: file.split("/")[1] ?? "",
    siblings: wanted.filter((name) => name.startsWith("@rivulet/")).map((name) => name.slice(9)),
    peers: Object.keys(manifest.peerDependencies ?? {}),
    libraries: wanted.filter((name) => !name.startsWith("@rivulet/") && !TOOLS.test(name)),
  };
});

describe("packages", () => {
  it("are all named in the table", () => {
    expect(manifests.map(({ name }) => name).sort()).toEqual(Object.keys(PACKAGES).sort());
  });

  it.each(manifests)("$name depends only on the packages it may", ({ name, siblings }) => {
    expect(siblings.filter((sibling) => !PACKAGES[name]?.packages.includes(sibling))).toEqual([]);
  });

  it.each(manifests)("$name depends only on the libraries it may", ({ name, libraries }) => {
    expect(libraries.filter((library) => !PACKAGES[name]?.libraries.includes(library))).toEqual([]);
  });

  it.each(ADAPTERS)("%s takes core as a peer, so that there is one copy of it", (name) => {
    const manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8"));
    expect(Object.keys(manifest.peerDependencies)).toContain("@rivulet/core");
    expect(Object.keys(manifest.dependencies ?? {})).not.toContain("@rivulet/core");
  });

  it("have no peer that ties OpenTelemetry to a version: npm refuses an app that has a newer one", () => {
    const peers = [...new Set(manifests.flatMap(({ peers }) => peers))];
    const installed = peers
      .map((name) => `tests/node_modules/${name}/package.json`)
      .filter((file) => existsSync(file));
    expect(installed.length).toBeGreaterThan(4);
    const tied = installed.filter((file) => {
      const { peerDependencies = {} } = JSON.parse(readFileSync(file, "utf8"));
      return Object.keys(peerDependencies).some((name) => /^@opentelemetry\/(?!api$)/.test(name));
    });
    expect(tied).toEqual([]);
  });
});

describe.each(Object.entries(LAYERS))("%s", (name, layers) => {
  const sources = sourcesOf(name);

  it("has files to look at", () => {
    expect(sources.length).toBeGreaterThan(15);
  });

  it("has no folder that the layers do not name", () => {
    const folders = new Set(
      sources.map(({ file }) => layerOf(file)).filter((layer) => layer !== ""),
    );
    expect([...folders].sort()).toEqual(Object.keys(layers).sort());
  });

  it("imports downward only", () => {
    const upward = sources.flatMap(({ file, imports }) =>
      imports
        .map((path) => targetOf(file, path))
        .filter((target) => !mayImport({ name, layers, layer: layerOf(file) }, target))
        .map((target) => `${file} → ${target}`),
    );
    expect(upward).toEqual([]);
  });
});

describe.each(Object.entries(INNER_LAYERS))("%s", (place, layers) => {
  const [name = "", folder = ""] = place.split("/");
  const inside = `${folder}/`;
  const sources = sourcesOf(name).filter(({ file }) => file.startsWith(inside));
  const innerLayerOf = (file: string): string => layerOf(file.slice(inside.length));

  it("has no folder that the layers do not name", () => {
    const folders = new Set(sources.map(({ file }) => innerLayerOf(file)));
    folders.delete("");
    expect([...folders].sort()).toEqual(Object.keys(layers).sort());
  });

  it("has folders that import each other only as they may", () => {
    const sideways = sources.flatMap(({ file, imports }) =>
      imports
        .map((path) => targetOf(file, path))
        .filter((target) => target.startsWith(inside) && innerLayerOf(target) !== "")
        .filter((target) => !isAllowed(layers, innerLayerOf(file), innerLayerOf(target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(sideways).toEqual([]);
  });
});

interface Place {
  readonly name: string;
  readonly layers: Layers;
  readonly layer: string;
}

function mayImport({ name, layers, layer }: Place, target: string): boolean {
  if (layer === "") return true;
  const wanted = layerOf(target);
  if (wanted === "") return (SHARED_FILES[name] ?? []).includes(target);
  return isAllowed(layers, layer, wanted);
}

function isAllowed(layers: Layers, layer: string, wanted: string): boolean {
  return wanted === layer || (layers[layer] ?? []).includes(wanted);
}

/** What a file imports, as a path inside its package. */
function targetOf(file: string, path: string): string {
  return new URL(path, `file:///${file}`).pathname.slice(1);
}

function sourcesOf(name: string): readonly { file: string; imports: readonly string[] }[] {
  const folder = `packages/${name}/src/`;
  return globSync(`${folder}**/*.ts`).map((file) => ({
    file: file.replace(folder, ""),
    imports: [...readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)].map(
      ([, path = ""]) => path,
    ),
  }));
}

function layerOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
}
