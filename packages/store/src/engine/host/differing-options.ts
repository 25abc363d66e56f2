import { RivuletError } from "@rivulet/domain";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";

/** Options that apply to the whole engine, and therefore to all its clients. */
const SHARED = [
  "durability",
  "journalBytes",
  "attachmentBytes",
  "artifacts",
  "spool",
  "fileMode",
] as const;
type Shared = (typeof SHARED)[number];

/** Defaults of the engine. The other defaults depend on the store. */
const DEFAULTS: OpenStoreOptions = { durability: "tick", fileMode: 0o600 };

/** One error for each option in which a client differs from the engine. Absent options do not count. */
export function differingOptions(
  url: string,
  engine: OpenStoreOptions,
  client: OpenStoreOptions,
): readonly RivuletError[] {
  const differs = (name: Shared): boolean =>
    client[name] !== undefined && client[name] !== (engine[name] ?? DEFAULTS[name]);
  return SHARED.filter(differs).map((name) => {
    const [has, wants] = [textOf(name, engine[name]), textOf(name, client[name])];
    const message = `Store ${url} is open in this thread with ${name} ${has}, which all its clients share: ${wants} has no effect. Use the same options everywhere.`;
    return new RivuletError("invalid_argument", message, { details: { option: name } });
  });
}

function textOf(name: Shared, value: string | number | undefined): string {
  if (value === undefined) return "left out";
  return name === "fileMode" ? `0o${value.toString(8)}` : JSON.stringify(value);
}
