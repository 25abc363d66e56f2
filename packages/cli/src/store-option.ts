import { Option } from "commander";

/** The default store. */
const DEFAULT_STORE = "sqlite:./.rivulet/rivulet.db";

/** `--store URL`, the same for every command. */
export function storeOption(): Option {
  return new Option(
    "-s, --store <url>",
    "the store: sqlite:PATH, json:PATH, memory: or postgres://…",
  )
    .env("RIVULET_STORE")
    .default(DEFAULT_STORE);
}
