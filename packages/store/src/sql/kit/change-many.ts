import { type FailedChange, type ManyChanged, RivuletError } from "@rivulet/domain";

/**
 * Changes many records in one transaction, in the order of their ids, so that all transactions lock them in the same
 * order. `change` refuses a record before it writes anything of it.
 */
export async function changeMany(
  ids: readonly string[],
  change: (id: string) => Promise<unknown>,
): Promise<ManyChanged> {
  const failures = new Map<string, FailedChange>();
  const given = [...new Set(ids)];
  for (const id of given.toSorted()) {
    try {
      await change(id);
    } catch (error) {
      failures.set(id, failureOf(id, error));
    }
  }
  return {
    changed: given.filter((id) => !failures.has(id)),
    failed: given.flatMap((id) => failures.get(id) ?? []),
  };
}

/** @throws the error, if it is not about this record */
function failureOf(id: string, error: unknown): FailedChange {
  const { code, message } = error instanceof RivuletError ? error : { code: "", message: "" };
  if (code === "not_found" || code === "conflict") return { id, code, message };
  throw error;
}
