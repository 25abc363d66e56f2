import type { ManyChanged } from "@rivulet/domain";
import type { ChangeEntity, StoredTable } from "@rivulet/domain/entities";

/** A change event, for live views. */
export interface StoreChange {
  /** Kind of entity. */
  readonly entity: ChangeEntity;
  /** Ids or names of the changed entities; empty when any of them may have changed. */
  readonly ids: readonly string[];
}

/** How the engine handles an operation: where it runs, and which change events it causes. */
export type Operation =
  | {
      readonly access: "read";
      /** Searches may take long, so they run in a lane of their own. */
      readonly lane: "lookup" | "search";
    }
  | {
      readonly access: "write";
      /** The event it causes; `undefined` when nothing has changed. */
      readonly change: (argument: unknown, result: unknown) => StoreChange | undefined;
    };

/** Every operation of an entity. A missing one does not compile. */
export type Operations<S> = { readonly [M in keyof S]: Operation };

/** Changes nothing; finds its result by a key. */
export const read: Operation = { access: "read", lane: "lookup" };

/** Changes nothing; has to scan for its result. */
export const search: Operation = { access: "read", lane: "search" };

type Changed = Pick<StoredTable<ChangeEntity>, "event" | "key">;

/** Changes what nobody watches. */
export const quiet: Operation = { access: "write", change: () => undefined };

/** Changes what its argument names: a string, or an object (or each of a list) by the first field of the key. */
export function write(declared: Changed): Operation {
  return { access: "write", change: (argument) => changeOf(declared, argument) };
}

/** Changes what it returns. */
export function writeReturned(declared: Changed): Operation {
  return { access: "write", change: (_, result) => changeOf(declared, result) };
}

/** Changes what it says that it has changed. */
export function writeMany(declared: Changed): Operation {
  return {
    access: "write",
    change: (_, result) => changeOf(declared, (result as ManyChanged).changed),
  };
}

function changeOf({ event, key }: Changed, named: unknown): StoreChange | undefined {
  const list: readonly unknown[] = Array.isArray(named) ? named : [named];
  const [field = ""] = key;
  const ids = list.map((one) =>
    String(typeof one === "string" ? one : (one as Readonly<Record<string, unknown>>)[field]),
  );
  return ids.length === 0 ? undefined : { entity: event, ids: [...new Set(ids)] };
}
