import { RivuletError } from "@rivulet/domain";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";

/** Options that belong to the engine, and so to all its clients. */
const SHARED = ["durability", "journalBytes", "spool", "fileMode"] as const;
type Shared = (typeof SHARED)[number];

/** What an engine does whose first client left them out. The others depend on the store. */
const DEFAULTS: OpenStoreOptions = { durability: "tick", fileMode: 0o600 };

/** What a client wants other than the engine has it; one error for each option. An option left out is no wish. */
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
