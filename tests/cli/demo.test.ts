import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { BIN, finish } from "./rivulet.ts";

/** Makes Node answer as it does where the optional package is not installed. */
const WITHOUT_DEMO = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const missing = () => {
    const message = "Cannot find package '@rivulet/demo' imported from the command line";
    throw Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
  };
  registerHooks({
    resolve: (name, context, next) => (name === "@rivulet/demo" ? missing() : next(name, context)),
  });
`)}`;

test("demo says how to get it where it is not installed", async () => {
  const child = spawn(process.execPath, ["--import", WITHOUT_DEMO, ...BIN, "demo", "--once"]);
  const { code, stdout, stderr } = await finish(child);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("npm install @rivulet/demo");
});
