import { RivuletError } from "@rivulet/domain";
import type { ModelVersionKey } from "../port/store.ts";

/** No model or prompt has this alias. */
export function noAlias(kind: "Model" | "Prompt", name: string, alias: string): RivuletError {
  return new RivuletError("not_found", `${kind} "${name}" has no alias "${alias}".`, {
    details: { name, alias },
  });
}

/** No model or prompt has this version. */
export function noVersion(kind: string, { name, version }: ModelVersionKey): RivuletError {
  return new RivuletError("not_found", `There is no version ${version} of ${kind} "${name}".`, {
    details: { name, version },
  });
}

/** Nothing of this kind has the name. */
export function noName(kind: string, name: string): RivuletError {
  return new RivuletError("not_found", `No ${kind} is named "${name}".`, { details: { name } });
}

/** The name is in use. */
export function taken(kind: string, name: string): RivuletError {
  return new RivuletError("already_exists", `${kind} "${name}" exists. Choose another name.`, {
    details: { name },
  });
}
