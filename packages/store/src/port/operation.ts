import type { ChangeEntity, StoredTable } from "@rivulet/domain/entities";

/** Something changed; for live views. */
export interface StoreChange {
  readonly entity: ChangeEntity;
  /** Ids or names of what changed. */
  readonly ids: readonly string[];
}

/** What is to be known of an operation from outside: where it goes, and what changes by it. */
export type Operation =
  | {
      readonly access: "read";
      /** What takes as long as it finds something to look at is answered in a lane of its own. */
      readonly lane: "lookup" | "search";
    }
  | {
      readonly access: "write";
      /** Undefined: nothing has changed. */
      readonly change: (argument: unknown, result: unknown) => StoreChange | undefined;
    };

/** Every operation of an entity; one that is missing does not compile. */
export type Operations<S> = { readonly [M in keyof S]: Operation };

/** It changes nothing, and finds what it is asked for by a key. */
export const read: Operation = { access: "read", lane: "lookup" };

/** It changes nothing, and has to look for what it is asked for. */
export const search: Operation = { access: "read", lane: "search" };

type Changed = Pick<StoredTable<ChangeEntity>, "event" | "key">;

/** It changes what its argument names: by the first field of the key, for each of a list, or itself when it is text. */
export function write(declared: Changed): Operation {
  return { access: "write", change: (argument) => changeOf(declared, argument) };
}

/** It changes what it returns. */
export function writeReturned(declared: Changed): Operation {
  return { access: "write", change: (_, result) => changeOf(declared, result) };
}

function changeOf({ event, key }: Changed, named: unknown): StoreChange | undefined {
  const list: readonly unknown[] = Array.isArray(named) ? named : [named];
  const [field = ""] = key;
  const ids = list.map((one) =>
    String(typeof one === "string" ? one : (one as Readonly<Record<string, unknown>>)[field]),
  );
  return ids.length === 0 ? undefined : { entity: event, ids: [...new Set(ids)] };
}
