// Registers a version that a webhook is told of. Once it is told that the receiver has it, it prints the sockets that keep
// the process alive, and leaves.
import { once } from "node:events";
import { createRivulet } from "@rivulet/core";

const [store = "", url = ""] = process.argv.slice(2);
const rivulet = createRivulet({ store, webhooks: { allowPrivate: true } });
await rivulet.webhooks.create({ name: "ci", url, events: ["model_version.created"] });
await rivulet.models.register({ name: "iris" });
await once(process.stdin.resume(), "end");
const sockets = process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP"));
process.stdout.write(`alive by: ${sockets.join(" ")}\n`);
process.exit();
