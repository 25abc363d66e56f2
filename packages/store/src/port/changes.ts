import { DECLARED_TABLES } from "@rivulet/domain/entities";
import type { StoreChange } from "./operation.ts";

/** Reported when it is known that something changed, but not what. */
export const EVERYTHING_CHANGED: readonly StoreChange[] = [
  ...new Set(DECLARED_TABLES.map(({ event }) => event)),
].map((entity) => ({ entity, ids: [] }));
