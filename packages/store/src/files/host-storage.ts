import type { FileStorage } from "../sql/file-storage.ts";

/** Calls a method of a storage that is in another thread. What is given and answered is copied. */
export type CallStorage = (method: string, given: readonly unknown[]) => Promise<unknown>;

/** A storage that is in the app's thread, seen from a worker. */
export function hostStorage(call: CallStorage): FileStorage {
  const method =
    (name: string) =>
    (...given: readonly unknown[]): Promise<never> =>
      call(name, given) as Promise<never>;
  const hold = method("hold");
  const remove = method("remove");
  const read = method("read");
  const readPart = method("readPart");
  return {
    write: method("write"),
    // Statements stay in this thread: what lies elsewhere is not seen by a transaction.
    read: (id) => read(id),
    readPart: (part) => readPart(part),
    list: method("list"),
    hold: (_sql, query) => hold(query),
    remove: (_sql, ids) => remove(ids),
    removeTemporary: method("removeTemporary"),
    own: method("own"),
    uploads: {
      begin: method("begin"),
      append: method("append"),
      finish: method("finish"),
      abandon: method("abandon"),
    },
  };
}

/** Answers the calls of a {@link hostStorage}. */
export function answerStorage({ uploads, hold, remove, ...others }: FileStorage): CallStorage {
  // Nobody's transaction is needed where the files are not in a database.
  const sql = undefined as never;
  const methods: Readonly<Record<string, unknown>> = {
    ...others,
    ...uploads,
    hold: (query: Parameters<typeof hold>[1]) => hold(sql, query),
    remove: (ids: readonly string[]) => remove(sql, ids),
  };
  return async (name, given) => {
    const method = methods[name] as (...args: readonly unknown[]) => Promise<unknown>;
    return method(...given);
  };
}
