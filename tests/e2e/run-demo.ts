import { runDemo } from "@rivulet/demo";

// What `rivulet demo --once` does, as a process of its own.
const { ok } = await runDemo({ once: true, port: 0 });
process.exitCode = ok ? 0 : 1;
