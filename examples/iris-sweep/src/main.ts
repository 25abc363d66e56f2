import { run } from "./run.ts";

await run(process.argv[2] ?? "sqlite:./.rivulet/iris.db", (line) =>
  process.stdout.write(`${line}\n`),
);
