import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore, type Store } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aClient, aFolder, refusal, sharedClient } from "./client.ts";

const client = sharedClient();

/** A folder with files of these texts. */
async function aFolderOf(texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(await aFolder(), "given");
  await mkdir(folder);
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function textsOf(runId: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const { path } of await client().artifacts.list({ runId })) {
    const { content } = await client().artifacts.get({ runId, path });
    found[path] = Buffer.from(content).toString();
  }
  return found;
}

describe("a file of this machine", () => {
  test("is stored under its name, or another", async () => {
    const folder = await aFolderOf({ "card.md": "# Net" });
    const run = await client().runs.start();
    await run.logFile(join(folder, "card.md"));
    await run.logFile(join(folder, "card.md"), "docs/readme.md", { contentType: "text/plain" });
    expect(await textsOf(run.id)).toEqual({ "card.md": "# Net", "docs/readme.md": "# Net" });
    const list = await client().artifacts.list({ runId: run.id });
    expect(list.map(({ contentType }) => contentType)).toEqual(["text/markdown", "text/plain"]);
  });

  test("that is not there, or is a folder, is refused", async () => {
    const folder = await aFolderOf({});
    const run = await client().runs.start();
    await expect(run.logFile(join(folder, "none"))).rejects.toMatchObject(
      refusal("not_found", /^artifact\.file: .* cannot be read: there is no such file$/),
    );
    await expect(run.logFile(folder)).rejects.toMatchObject(
      refusal("invalid_argument", /is no file\. Use logFolder/),
    );
  });
});

describe("a folder of this machine", () => {
  test("is stored with its folders, below a folder or at the top", async () => {
    const folder = await aFolderOf({ "a.txt": "a", "sub/deep/b.txt": "b" });
    const run = await client().runs.start();
    await run.logFolder(folder, "model/1");
    await run.logFolder(join(folder, "sub"));
    expect(await textsOf(run.id)).toEqual({
      "deep/b.txt": "b",
      "model/1/a.txt": "a",
      "model/1/sub/deep/b.txt": "b",
    });
  });

  test("may have links to its own files, and no others", async () => {
    const folder = await aFolderOf({ "a.txt": "a", "sub/b.txt": "b" });
    await symlink(join("sub", "b.txt"), join(folder, "link.txt"));
    const run = await client().runs.start();
    await run.logFolder(folder);
    expect(await textsOf(run.id)).toMatchObject({ "link.txt": "b" });
  });

  test.each([
    ["../../secret.txt", /is a link out of the folder, to .* Nothing was stored\.$/],
    // A folder beside it whose name begins like its own.
    ["../in-other/b.txt", /is a link out of the folder, to .*in-other.b\.txt\./],
    ["/dev/null", /is a link out of the folder, to \/dev\/null/],
    ["sub", /is a link to a folder/],
    ["gone", /is a link that leads nowhere/],
  ])("with a link to %s is refused before anything is stored", async (target, problem) => {
    const folder = await aFolderOf({
      "in/a.txt": "a",
      "in/sub/b.txt": "b",
      "in-other/b.txt": "b",
      "secret.txt": "x",
    });
    await writeFile(join(folder, "..", "secret.txt"), "x");
    await symlink(target, join(folder, "in", "z"));
    const run = await client().runs.start();
    await expect(run.logFolder(join(folder, "in"))).rejects.toMatchObject(
      refusal("invalid_argument", problem),
    );
    expect(await textsOf(run.id)).toEqual({});
  });

  test("with a name that no artifact can have is refused before anything is stored", async () => {
    const folder = await aFolderOf({ "a.txt": "a", "b:c.txt": "b" });
    const run = await client().runs.start();
    await expect(run.logFolder(folder)).rejects.toMatchObject(
      refusal("invalid_argument", /"b:c\.txt" is not an artifact path/),
    );
    expect(await textsOf(run.id)).toEqual({});
  });

  test("says how far it came when the store fails in the middle", async () => {
    const store = await openStore("memory:");
    let puts = 0;
    const failing: Store = {
      ...store,
      artifacts: {
        ...store.artifacts,
        async put(artifact) {
          puts += 1;
          if (puts === 2) throw Object.assign(new Error("no space left on device"));
          return store.artifacts.put(artifact);
        },
      },
    };
    const { rivulet } = await aClient("memory", { store: failing });
    const run = await rivulet.runs.start();
    const folder = await aFolderOf({ a: "1", b: "2", c: "3" });
    await expect(run.logFolder(folder)).rejects.toMatchObject({
      message: expect.stringMatching(/^1 of 3 files of .* were stored, then b failed: .*no space/),
      details: { path: "b", stored: 1, files: 3 },
    });
  });
});

describe("a download", () => {
  test("writes a file under its name, and a folder with what is in it", async () => {
    const run = await client().runs.start();
    await run.logText("model/sub/a.txt", "a");
    await run.logText("model/b.txt", "b");
    const to = join(await aFolder(), "out", "1");
    const { files, bytes } = await client().artifacts.download({
      runId: run.id,
      path: "model",
      to,
    });
    expect([files, bytes]).toEqual([[join(to, "b.txt"), join(to, "sub", "a.txt")], 2]);
    await client().artifacts.download({ runId: run.id, path: "model/sub/a.txt", to });
    expect(await readFile(join(to, "a.txt"), "utf8")).toBe("a");
    expect((await readdir(to)).sort()).toEqual(["a.txt", "b.txt", "sub"]);
    await client().artifacts.download({ runId: run.id, to });
    expect(await readFile(join(to, "model", "b.txt"), "utf8")).toBe("b");
    await expect(
      client().artifacts.download({ runId: run.id, path: "none", to }),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("writes files with the longest names there are, also those of models", async () => {
    const run = await client().runs.start();
    const name = "é".repeat(127);
    await run.logArtifact(`net/${name}`, "x");
    const to = join(await aFolder(), "out");
    await client().artifacts.download({ runId: run.id, to });
    expect(await readdir(join(to, "net"))).toEqual([name]);
    await client().models.register({ name: "long", runId: run.id, artifactPath: "net" });
    const other = join(await aFolder(), "n".repeat(255));
    await client().models.download("long", { to: other });
    expect(await readdir(other)).toEqual([name]);
  });

  test("never writes outside of its folder, whatever links are in it", async () => {
    const run = await client().runs.start();
    await run.logText("sub/a.txt", "new");
    await run.logText("b.txt", "new");
    const outside = await aFolderOf({ "a.txt": "old", "b.txt": "old" });
    const to = await aFolder();
    await symlink(outside, join(to, "sub"));
    await symlink(join(outside, "b.txt"), join(to, "b.txt"));
    await client().artifacts.download({ runId: run.id, path: "b.txt", to });
    expect(await readFile(join(to, "b.txt"), "utf8")).toBe("new");
    await expect(client().artifacts.download({ runId: run.id, to })).rejects.toMatchObject(
      refusal("invalid_argument", /is a link out of .* Nothing is written there/),
    );
    expect(await readFile(join(outside, "a.txt"), "utf8")).toBe("old");
    expect(await readFile(join(outside, "b.txt"), "utf8")).toBe("old");
  });

  test("writes nothing to a folder beside its own whose name begins like it, either", async () => {
    const run = await client().runs.start();
    await run.logText("sub/a.txt", "new");
    const folder = await aFolderOf({ "out/b.txt": "b", "out-other/a.txt": "old" });
    await symlink(join(folder, "out-other"), join(folder, "out", "sub"));
    await expect(
      client().artifacts.download({ runId: run.id, to: join(folder, "out") }),
    ).rejects.toMatchObject(refusal("invalid_argument", /is a link out of .*out-other/));
    expect(await readFile(join(folder, "out-other", "a.txt"), "utf8")).toBe("old");
  });
});
