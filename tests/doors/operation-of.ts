import type { Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";

/** The operation of an id. */
export function operationOf(id: string): Operation {
  const found = operations.find((operation) => operation.id === id);
  if (found === undefined) throw new Error(`There is no operation ${id}.`);
  return found;
}
