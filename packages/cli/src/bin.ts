#!/usr/bin/env node
import { main } from "./main.ts";

// Whoever reads may have enough: `rivulet … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}
process.exitCode = await main(process.argv.slice(2));
