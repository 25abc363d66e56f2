import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import { instrumentLangChain } from "@rivulet/langchain";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFolder } from "../store/folder.ts";
import { openClient } from "./client.ts";

/** An app that depends on LangChain, which has brought a core of its own. */
async function appWithItsOwnCore(): Promise<string> {
  const folder = await aFolder();
  const core = "node_modules/langchain/node_modules/@langchain/core";
  const files = {
    "package.json": { dependencies: { langchain: "1.0.0", other: "1.0.0" } },
    "node_modules/langchain/package.json": { name: "langchain" },
    [`${core}/package.json`]: { name: "@langchain/core" },
    [`${core}/callbacks/manager.json`]: {},
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  }
  return folder;
}

test.each<[string, object, number]>([
  ["is reported", {}, 1],
  ["is not, when its manager was given", { callbackManager: CallbackManager }, 0],
])("another copy of LangChain's core %s", async (_, options, reports) => {
  const { rivulet, errors } = openClient();
  vi.spyOn(process, "cwd").mockReturnValue(await appWithItsOwnCore());
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  onTestFinished(await instrumentLangChain(rivulet, options));
  expect(errors).toHaveLength(reports);
  for (const error of errors) {
    expect(error).toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("another copy of @langchain/core"),
    });
  }
});

test("an app with one copy hears nothing", async () => {
  const { rivulet, errors } = openClient();
  onTestFinished(await instrumentLangChain(rivulet));
  expect(errors).toEqual([]);
});
