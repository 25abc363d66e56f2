import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Who may depend on whom. A package that is not on the right is not importable. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  langchain: ["core"],
  "ai-sdk": ["core"],
  mcp: ["core"],
  server: ["core"],
  express: ["core", "server", "mcp"],
  cli: ["core", "server", "mcp", "demo"],
  dashboard: ["core"],
};

/** Inside core: each folder, and the folders it may import. Data flows downward only. */
const layers: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  "json-text": ["domain"],
  store: ["domain", "json-text"],
  filter: ["domain", "store"],
  artifacts: ["domain", "store"],
  tracking: ["domain", "store", "filter", "artifacts"],
  registry: ["domain", "store", "filter", "artifacts"],
  prompts: ["domain", "store", "filter"],
  tracing: ["domain", "json-text", "store", "filter"],
  datasets: ["domain", "store", "filter"],
  evaluation: ["domain", "json-text", "store", "filter", "datasets", "tracing", "tracking"],
  testing: ["domain", "store"],
};

/** Files beside the folders that every feature may import. */
const sharedFiles = [
  "canonical-json.ts",
  "context.ts",
  "errors.ts",
  "reference.ts",
  "stable-hash.ts",
  "validation.ts",
];

const manifests = globSync("packages/*/package.json").map((file) => {
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const wanted = Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  });
  return {
    name: folderOf(file),
    siblings: wanted.filter((name) => name.startsWith("@rivulet/")).map((name) => name.slice(9)),
  };
});

describe("packages", () => {
  it.each(manifests)("$name depends only on the packages it may", ({ name, siblings }) => {
    expect(siblings.filter((sibling) => !allowed[name]?.includes(sibling))).toEqual([]);
  });

  it("are all named in the table", () => {
    expect(manifests.map(({ name }) => name).sort()).toEqual(Object.keys(allowed).sort());
  });

  it.each(["langchain", "ai-sdk", "mcp", "server", "express"])(
    "%s takes core as a peer, so that there is one copy of it",
    (name) => {
      const manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8"));
      expect(Object.keys(manifest.peerDependencies)).toContain("@rivulet/core");
      expect(Object.keys(manifest.dependencies ?? {})).not.toContain("@rivulet/core");
    },
  );
});

const sources = globSync("packages/core/src/**/*.ts").map((file) => ({
  file: file.replace("packages/core/src/", ""),
  imports: [...readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)].map(
    ([, path = ""]) => path,
  ),
}));

describe("core", () => {
  it("has files to look at", () => {
    expect(sources.length).toBeGreaterThan(50);
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
        .map((path) => resolveFrom(file, path))
        .filter((target) => !mayImport(layerOf(file), target))
        .map((target) => `${file} → ${target}`),
    );
    expect(upward).toEqual([]);
  });
});

function mayImport(layer: string, target: string): boolean {
  if (layer === "") return true;
  const wanted = layerOf(target);
  if (wanted === "") return layer !== "domain" && sharedFiles.includes(target);
  return wanted === layer || (layers[layer] ?? []).includes(wanted);
}

function layerOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
}

function resolveFrom(file: string, path: string): string {
  return new URL(path, `file:///${file}`).pathname.slice(1);
}

function folderOf(manifest: string): string {
  return manifest.split("/")[1] ?? "";
}
