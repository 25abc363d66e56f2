/** One thing the doctor looked at. */
export interface Finding {
  readonly name: string;
  /** `note` is worth knowing; `problem` has to be dealt with. */
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
