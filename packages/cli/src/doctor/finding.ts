/** Result of one of the doctor's checks. */
export interface Finding {
  readonly name: string;
  /** A `note` is worth knowing; a `problem` needs attention. */
  readonly status: "ok" | "note" | "problem";
  readonly detail: string;
}

export function ok(name: string, detail: string): Finding {
  return { name, status: "ok", detail };
}

export function note(name: string, detail: string): Finding {
  return { name, status: "note", detail };
}

export function problem(name: string, detail: string): Finding {
  return { name, status: "problem", detail };
}

/** `true` when version `a` is at least `b`; both are numbers with dots. */
export function isAtLeast(a: string, b: string): boolean {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (const [index, wanted] of right.entries()) {
    const found = left[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}
