import { type ErrorCode, RivuletError } from "@rivulet/domain/errors";
import type { Answer } from "./send.ts";

/** What an answer means that is not Rivulet's. */
interface Meaning {
  readonly code: ErrorCode;
  /** What may be wrong, and what to do. */
  readonly hint: string;
  /** Whether the call may be repeated at once: nobody behind the proxy has taken it. */
  readonly isAway?: true;
}

const AWAY: Meaning = {
  code: "store_unavailable",
  hint: "A proxy in front cannot reach Rivulet. Is it still running?",
  isAway: true,
};
const REFUSED = "A proxy in front refuses the call, or baseUrl is not where Rivulet is mounted.";
const ELSEWHERE: Meaning = {
  code: "internal",
  hint: "Is baseUrl where Rivulet is mounted?",
};

const TOO_LONG: Meaning = {
  code: "limit_exceeded",
  hint: "The call's address is too long for it: a shorter filter, or fewer ids, will do.",
};

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  401: { code: "unauthenticated", hint: REFUSED },
  403: { code: "permission_denied", hint: REFUSED },
  413: {
    code: "limit_exceeded",
    hint: "A proxy in front takes no body of this size: raise its limit (nginx: client_max_body_size).",
  },
  414: TOO_LONG,
  429: { code: "limit_exceeded", hint: "A proxy in front takes no more calls for now." },
  431: TOO_LONG,
  502: AWAY,
  503: AWAY,
  504: {
    code: "deadline_exceeded",
    hint: "A proxy in front gave up waiting. The call may have been carried out.",
  },
};

/** The error for an answer that is not Rivulet's own: a proxy's, or that of another server altogether. */
export function foreignAnswer({ status }: Pick<Answer, "status">, cause?: unknown): RivuletError {
  const { code, hint, isAway } = BY_STATUS[status] ?? ELSEWHERE;
  const message = `The server answered ${status}, and not as Rivulet does. ${hint}`;
  const details = { status, ...(isAway === undefined ? {} : { answered: false }) };
  return new RivuletError(code, message, { cause, details });
}
