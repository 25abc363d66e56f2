import { RivuletError, toRivuletError } from "../../errors.ts";
import type { ErrorData } from "./messages.ts";

/** What SQLite's primary result codes mean for the caller. */
const MEANINGS: Readonly<
  Record<number, { readonly code: "store_unavailable" | "store_corrupt"; readonly hint: string }>
> = {
  5: { code: "store_unavailable", hint: "Another process is writing to it for too long." },
  8: {
    code: "store_unavailable",
    hint: "It is read-only: check the permissions of file and folder.",
  },
  10: { code: "store_unavailable", hint: "The disk answered with an error." },
  11: {
    code: "store_corrupt",
    hint: "The file is damaged and left as it is; restore a backup or choose another path.",
  },
  13: { code: "store_unavailable", hint: "The disk is full." },
  14: {
    code: "store_unavailable",
    hint: "It cannot be opened: check that the path is a file that may be written.",
  },
  26: {
    code: "store_corrupt",
    hint: "The file is not a database and is left as it is; choose another path.",
  },
};

/** Anything the database throws, with a code and what to do. */
export function databaseError(thrown: unknown, database: string): RivuletError {
  if (thrown instanceof RivuletError) return thrown;
  const errcode = (thrown as { errcode?: number } | null)?.errcode;
  const meaning = errcode === undefined ? undefined : MEANINGS[errcode & 0xff];
  if (meaning === undefined) return toRivuletError(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new RivuletError(meaning.code, `Store ${database}: ${message}. ${meaning.hint}`, {
    cause: thrown,
  });
}

/** An error as it crosses to the other thread. */
export function toErrorData({ code, message, details }: RivuletError): ErrorData {
  return { code, message, details };
}

/** The error on this side. */
export function fromErrorData({ code, message, details }: ErrorData): RivuletError {
  return new RivuletError(code, message, { details });
}
