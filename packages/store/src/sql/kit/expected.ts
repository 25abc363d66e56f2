import { RivuletError } from "@rivulet/domain";
import type { Row } from "../database.ts";
import { number, toMicros } from "../values.ts";

/** A patch that may say what it is a change of. */
export interface Expecting {
  /** The `updatedAt` that the record must have, in milliseconds. @default any */
  readonly expected?: number;
}

/** Refuses to change what somebody else has changed in the meantime. @throws RivuletError `conflict` */
export function requireUpdatedAt(row: Row, what: string, { expected }: Expecting): void {
  const micros = number(row, "updated_us");
  if (expected === undefined || micros === toMicros(expected)) return;
  throw new RivuletError(
    "conflict",
    `${what} has been changed in the meantime. Read it again, then change it.`,
    { details: { expected, updatedAt: micros / 1000 } },
  );
}
