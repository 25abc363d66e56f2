/** W3C: so many members at most; a list with more is no list. */
const MAX_MEMBERS = 32;
/** W3C: what every service passes on at least. Of a longer list the long members go first, then the last. */
const MAX_LENGTH = 512;
const LONG_MEMBER = 128;

const KEY = /^[a-z\d][a-z\d_\-*/]{0,240}(@[a-z][a-z\d_\-*/]{0,13})?$/;
const VALUE = /^[ -~]{0,255}[!-~]$/;

/** What other vendors say of a trace, in the W3C's `tracestate`. */
export interface TraceState {
  /** The trace of which it is said. */
  readonly traceId: string;
  /** The header, as it goes to the next service. */
  readonly header: string;
}

/** A `tracestate` header within its limits, to be passed on as it came; `undefined` when it is none. */
export function readTraceState(header: string | undefined): string | undefined {
  const members = (header ?? "")
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
  if (members.length === 0 || members.length > MAX_MEMBERS) return undefined;
  if (!members.every(isMember)) return undefined;
  const kept = shortened(members);
  return kept.length === 0 ? undefined : kept.join(",");
}

function isMember(member: string): boolean {
  const at = member.indexOf("=");
  const value = member.slice(at + 1);
  return at > 0 && KEY.test(member.slice(0, at)) && VALUE.test(value) && !value.includes("=");
}

function shortened(members: readonly string[]): readonly string[] {
  const fits = (some: readonly string[]): boolean => some.join(",").length <= MAX_LENGTH;
  if (fits(members)) return members;
  let kept = members.filter(({ length }) => length <= LONG_MEMBER);
  while (!fits(kept)) kept = kept.slice(0, -1);
  return kept;
}
