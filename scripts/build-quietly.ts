import { spawnSync } from "node:child_process";

// Builds the workspace for those who want to see what it makes, not how: what the build says is shown when it fails.

process.stderr.write("Building Rivulet (a minute, the first time) …\n");
const { status, stdout, stderr } = spawnSync("pnpm -s build", { encoding: "utf8", shell: true });
if (status !== 0) process.stderr.write(`${stdout ?? ""}${stderr ?? ""}\n`);
process.exitCode = status ?? 1;
