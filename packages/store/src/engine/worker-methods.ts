import type { FileStore } from "../port/files.ts";
import { type EntityStores, operations } from "../port/store.ts";

/** What a host can call. The argument is absent where the method has none. */
export type Method = (argument: unknown) => Promise<unknown>;

/** Name → method. */
export type Methods = ReadonlyMap<string, Method>;

/** Every operation of the port, named `entity.method`; `write` is what happens around those that write. */
export function entityMethods(
  stores: EntityStores,
  write: (work: () => Promise<unknown>) => Promise<unknown>,
): [string, Method][] {
  return Object.entries(operations).flatMap(([entity, methods]) => {
    const store = stores[entity as keyof EntityStores] as unknown as Readonly<
      Record<string, Method>
    >;
    return Object.entries(methods).map(([method, { access }]): [string, Method] => {
      const call = async (argument: unknown): Promise<unknown> => store[method]?.(argument);
      return [
        `${entity}.${method}`,
        access === "read" ? call : (argument) => write(() => call(argument)),
      ];
    });
  });
}

/** What a worker answers about files. */
export function fileMethods(files: FileStore): [string, Method][] {
  return [
    ["files.write", (file) => files.write(file as Parameters<FileStore["write"]>[0])],
    ["files.read", (id) => files.read(String(id))],
    ["files.delete", (ids) => files.delete(ids as readonly string[])],
    ["files.list", (query) => files.list(query as Parameters<FileStore["list"]>[0])],
  ];
}
