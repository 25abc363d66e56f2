import { RivuletError } from "@rivulet/domain";
import type { Backend } from "../port/backend.ts";
import type { FileStore } from "../port/files.ts";
import { type Operation, quiet, read } from "../port/operation.ts";
import { type EntityStores, operations } from "../port/store.ts";

/** The groups of methods that a backend answers. */
export type StoreMethods = EntityStores & { readonly files: FileStore };

const groups: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  ...operations,
  // A record names the files that it needs: its change is what is told.
  files: {
    write: quiet,
    read,
    readPart: read,
    begin: quiet,
    append: quiet,
    finish: quiet,
    abandon: quiet,
    delete: quiet,
    list: read,
  } satisfies Record<keyof FileStore, Operation>,
};

/** The operation named `group.method`; undefined when there is none. */
export function findOperation(name: string): Operation | undefined {
  const [group = "", method = ""] = name.split(".");
  return Object.hasOwn(groups, group) && Object.hasOwn(groups[group] ?? {}, method)
    ? groups[group]?.[method]
    : undefined;
}

/** One call of a backend. Each of its methods takes one argument. */
export interface StoreCall {
  /** `group.method`. */
  readonly method: string;
  readonly operation: Operation;
  readonly argument: unknown;
}

/** All methods, each call handed to `call`. */
export function storeMethods(call: (request: StoreCall) => Promise<unknown>): StoreMethods {
  const methods = Object.entries(groups).map(([group, own]) => [
    group,
    Object.freeze(
      Object.fromEntries(
        Object.entries(own).map(([name, operation]) => [
          name,
          (argument: unknown) => call({ method: `${group}.${name}`, operation, argument }),
        ]),
      ),
    ),
  ]);
  return Object.fromEntries(methods) as StoreMethods;
}

type Methods = Readonly<
  Record<string, Readonly<Record<string, (argument: unknown) => Promise<unknown>>>>
>;

/** Calls `group.method` of a backend. @throws RivuletError `internal` when there is no such method */
export async function callBackend(
  backend: Pick<Backend, "entities" | "files">,
  name: string,
  argument: unknown,
): Promise<unknown> {
  if (findOperation(name) === undefined) {
    throw new RivuletError("internal", `The store has no ${name}.`);
  }
  const [group = "", method = ""] = name.split(".");
  const methods = { ...backend.entities, files: backend.files } as unknown as Methods;
  return methods[group]?.[method]?.(argument);
}
