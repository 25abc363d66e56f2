import { RivuletError } from "@rivulet/domain";
import validator from "validator";
import type { MaskText } from "../masking/mask-value.ts";
import { candidatesOf } from "./starts.ts";

/** What {@link detectPii} finds in text. */
export type PiiKind = "email" | "creditCard" | "iban" | "ip" | "ssn";

/** What may be one, and where it ends if it is. */
interface Detector {
  /** A letter without which there is none: most texts are decided by it. */
  readonly holds: (text: string) => boolean;
  /** Finds what may be one. Each repetition in it has an end, so that the search takes no longer than the text. */
  readonly candidates: RegExp;
  /** How many of the candidate's characters are one; 0 for none. */
  readonly length: (candidate: string) => number;
}

const hasDigits = (text: string): boolean => /\d/.test(text);

/** Letters of writings with spaces between words, so that an address does not take in the words around it. */
const WORD = String.raw`\w\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

const DETECTORS: Readonly<Record<PiiKind, Detector>> = {
  email: {
    holds: (text) => text.includes("@") || text.includes("%40"),
    candidates: candidatesOf(
      `[${WORD}]`,
      String.raw`(?:[${WORD}][${WORD}.!#$%&'*+/=?^\x60{|}~\-]{0,63}@|[${WORD}][${WORD}.%+\-]{0,63}%40)[${WORD}.\-]{1,253}`,
    ),
    length: (candidate) => {
      // A domain has a dot: most of what is no address is told by it.
      if (!candidate.includes(".", candidate.search(/@|%40/))) return 0;
      const address = candidate.replace(/\.$/, "");
      return wholeIf(validator.isEmail(address.replace(/%40(?!.*@)/, "@")), address);
    },
  },
  iban: {
    holds: hasDigits,
    candidates: candidatesOf(
      "[A-Za-z0-9]",
      String.raw`[A-Z]{2}\d{2}(?:[ \xa0]?[A-Z0-9]){11,30}(?![a-z])`,
    ),
    length: lengthOfIban,
  },
  creditCard: {
    holds: hasDigits,
    candidates: /(?<![\d.])\d(?:[ \xa0-]?\d){12,18}(?!\d)/g,
    length: (candidate) => wholeIf(validator.isCreditCard(candidate.replace(/\D/g, "")), candidate),
  },
  ssn: {
    holds: (text) => text.includes("-"),
    candidates: /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g,
    length: (candidate) => candidate.length,
  },
  ip: {
    holds: (text) => text.includes(".") || text.includes(":"),
    candidates: candidatesOf(
      String.raw`[\w.:]`,
      String.raw`\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\.\d{1,3}){3}(?!\w|\.\d)|(?![\w:]|\.\d))`,
    ),
    length: (candidate) => wholeIf(hasDigits(candidate) && validator.isIP(candidate), candidate),
  },
};

/**
 * Replaces personal data in text by its kind, such as `[email]`; for the option `maskText` of tracing. The library
 * `validator` decides what is one: card numbers and IBANs by their check digits. Best effort: names and addresses of
 * people are not found, nor what is written in unusual ways.
 *
 * @throws RivuletError `invalid_argument` for a kind that is not known
 */
export function detectPii(kinds: readonly PiiKind[]): MaskText {
  for (const kind of kinds) if (!Object.hasOwn(DETECTORS, kind)) throw unknownKind(kind);
  // In this order: an IBAN may hold what looks like a card.
  const chosen = Object.entries(DETECTORS).filter(([kind]) => kinds.includes(kind as PiiKind));
  return (text) => {
    let masked = text;
    for (const [kind, detector] of chosen) {
      if (detector.holds(masked)) masked = replaceFound(masked, kind, detector);
    }
    return masked;
  };
}

function replaceFound(text: string, kind: string, { candidates, length }: Detector): string {
  return text.replace(candidates, (candidate) => {
    const found = length(candidate);
    return found === 0 ? candidate : `[${kind}]${candidate.slice(found)}`;
  });
}

function unknownKind(kind: string): RivuletError {
  const known = Object.keys(DETECTORS).join(", ");
  return new RivuletError("invalid_argument", `detectPii knows no "${kind}". There are ${known}.`, {
    details: { kind },
  });
}

function wholeIf(isOne: boolean, candidate: string): number {
  return isOne ? candidate.length : 0;
}

const SHORTEST_IBAN = 15;

/** Words in capitals may follow: the longest beginning that is one. */
function lengthOfIban(candidate: string): number {
  for (let end = candidate.length; end >= SHORTEST_IBAN; end--) {
    if (validator.isIBAN(candidate.slice(0, end).trimEnd())) {
      return candidate.slice(0, end).trimEnd().length;
    }
  }
  return 0;
}
