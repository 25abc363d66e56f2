// Registers a prompt in a project, and is killed before the file that is given, in the order they get their names.
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { createRivulet } from "@rivulet/core";

const [url = "", last = "0", tags = '{"first":"1","second":"2"}'] = process.argv.slice(2);
const { rename } = fs;
const rivulet = createRivulet({ store: url });
await rivulet.prompts.search();

let count = 0;
fs.rename = async (from, to) => {
  if (count === Number(last)) process.kill(process.pid, "SIGKILL");
  count += 1;
  await rename(from, to);
};
syncBuiltinESMExports();
await rivulet.prompts.register({
  name: "greeting",
  template: "Hello {{name}}",
  tags: JSON.parse(tags),
});
process.stdout.write("done\n");
await rivulet.close();
