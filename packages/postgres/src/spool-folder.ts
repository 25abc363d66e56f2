import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { type ConnectionSettings, placeOf } from "./connection-settings.ts";

/** `.rivulet/<database>-<hash>.spool` in the current folder: one per database and schema, with a name to recognise. */
export function defaultSpool(settings: ConnectionSettings): string {
  const place = `${placeOf(settings)}/${settings.schema}`;
  const hash = createHash("sha256").update(place).digest("hex").slice(0, 8);
  const name = (placeOf(settings).split("/").at(-1) ?? "").replace(/[^\w.-]/g, "_").slice(0, 40);
  return resolve(".rivulet", `postgres-${name}-${hash}.spool`);
}
