import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A store that may be thrown away afterwards. */
export interface DemoStore {
  readonly url: string;
  /** Removes it, when it is only there for this demo. */
  remove(): Promise<void>;
}

/** The store that was asked for; else a file beside the user's work, or a fresh one for a demo that ends. */
export async function chooseStore(store: string | undefined, once: boolean): Promise<DemoStore> {
  if (store !== undefined) return { url: store, remove: async () => undefined };
  if (!once) return { url: "sqlite:./.rivulet/demo.db", remove: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), "rivulet-demo-"));
  return {
    url: `sqlite:${join(folder, "demo.db")}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
