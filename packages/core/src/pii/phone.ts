import { RivuletError } from "@rivulet/domain";
import {
  type CountryCode,
  findPhoneNumbersInText,
  isSupportedCountry,
  Metadata,
} from "libphonenumber-js/min";
import type { MaskText } from "../masking/mask-value.ts";
import { candidatesOf } from "./starts.ts";

/** Options of {@link detectPhones}. */
export interface DetectPhonesOptions {
  /** Country whose numbers are found without `+` and its code, such as `"DE"`. @default only numbers that begin with `+` */
  readonly country?: CountryCode;
}

/** With the hour behind it, a date has as many digits as a phone number. */
const DATE = String.raw`(?:(?:19|20)\d\d([-./])\d\d?\1\d\d?|\d\d?([-./])\d\d?\2(?:19|20)\d\d)(?![\-./]?\d)`;
const IS_DATE: RegExp = new RegExp(`^${DATE}$`);
/** Seven to seventeen digits, with little between them: what is longer is no number. */
const NUMBER = String.raw`[+(]?\d(?:[ \xa0()./\-]{0,3}\d){6,16}(?![\w+]|[.\-]\d)`;
const CANDIDATES: RegExp = candidatesOf(String.raw`[\w.+]`, `${DATE}|${NUMBER}`);
/** To ask about one may take long. After so many in a text, all that may be one is masked. */
const MOST_ASKED = 100;
/** Of more groups of digits, the library tries many readings: each group counts then. */
const MOST_GROUPS = 6;
const PHONE = "[phone]";

/**
 * Replaces phone numbers in text by `[phone]`; for the option `maskText` of tracing. The library `libphonenumber-js`
 * decides what is one, by the numbering plans of all countries. Best effort.
 *
 * @throws RivuletError `invalid_argument` for a country that is not known
 */
export function detectPhones({ country }: DetectPhonesOptions = {}): MaskText {
  const fewestDigits = fewestDigitsOf(country);
  return (text) => {
    if (country === undefined && !text.includes("+")) return text;
    let asked = 0;
    return text.replace(CANDIDATES, (candidate) => {
      if (IS_DATE.test(candidate)) return candidate;
      if (!candidate.startsWith("+") && digitsIn(candidate) < fewestDigits) return candidate;
      asked += costOf(candidate);
      return asked > MOST_ASKED ? PHONE : maskFound(candidate, country);
    });
  };
}

/** A number without `+` has no fewer: there is no need to ask. */
function fewestDigitsOf(country: CountryCode | undefined): number {
  if (country === undefined) return Number.POSITIVE_INFINITY;
  if (!isSupportedCountry(country)) {
    const message = `detectPhones knows no country "${country}". It takes codes of two letters, such as "DE".`;
    throw new RivuletError("invalid_argument", message, { details: { country } });
  }
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return Math.min(...(metadata.numberingPlan?.possibleLengths() ?? [0]));
}

function digitsIn(candidate: string): number {
  return candidate.replace(/\D/g, "").length;
}

function costOf(candidate: string): number {
  const groups = candidate.match(/\d+/g)?.length ?? 0;
  return groups > MOST_GROUPS ? groups : 1;
}

function maskFound(candidate: string, country: CountryCode | undefined): string {
  const [found] = findPhoneNumbersInText(candidate, country);
  if (found === undefined) return candidate;
  return candidate.slice(0, found.startsAt) + PHONE + candidate.slice(found.endsAt);
}
