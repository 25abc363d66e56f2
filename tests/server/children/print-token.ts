import { createRivulet } from "@rivulet/core";
import { createHandler } from "@rivulet/server";

// Prints the address that signs in to the store of the first argument.
const rivulet = createRivulet({ store: process.argv[2] ?? "" });
process.stdout.write(await createHandler(rivulet).signInUrl("http://localhost/"));
await rivulet.close();
