import { RivuletError } from "@rivulet/domain";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";

/** Options that belong to the engine, and so to all its clients. */
const SHARED = ["durability", "journalBytes", "spool", "fileMode"] as const;

/** What a client wants other than the engine has it; one error for each option. An option left out is no wish. */
export function differingOptions(
  url: string,
  engine: OpenStoreOptions,
  client: OpenStoreOptions,
): readonly RivuletError[] {
  return SHARED.filter((name) => client[name] !== undefined && client[name] !== engine[name]).map(
    (name) => {
      const [has, wants] = [textOf(engine[name]), textOf(client[name])];
      const message = `Store ${url} is open in this thread with ${name} ${has}, and all its clients share that: ${wants} has no effect. Give the same options everywhere.`;
      return new RivuletError("invalid_argument", message, { details: { option: name } });
    },
  );
}

function textOf(value: string | number | undefined): string {
  return value === undefined ? "left out" : JSON.stringify(value);
}
