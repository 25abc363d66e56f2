import type { Operation } from "../port/operation.ts";
import { type EntityStores, operations } from "../port/store.ts";

/** One call of the port. Each of its methods takes one argument. */
export interface RemoteCall {
  /** `entity.method`. */
  readonly method: string;
  readonly operation: Operation;
  readonly argument: unknown;
}

/** The port's entities, each call handed to `call`. */
export function remoteEntities(call: (request: RemoteCall) => Promise<unknown>): EntityStores {
  const entities = Object.entries(operations).map(([entity, methods]) => [
    entity,
    Object.freeze(
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          (argument: unknown) => call({ method: `${entity}.${method}`, operation, argument }),
        ]),
      ),
    ),
  ]);
  return Object.fromEntries(entities) as EntityStores;
}
