/** What stands before the first dash or underscore of a known token. */
const BEGINNINGS =
  "[sr]k|whsec|gsk|xai|pplx|r8|hf|fw|lsv2|nvapi|tvly|GOCSPX|dop|gh[pousr]|github|glpat|xox[abeoprs]|xapp|npm|pypi|shp(?:at|ca|pa|ss)|AGE";

/**
 * Begins with one class of rare characters, and only looks around at what it has found: the engine searches for such a
 * class at a tenth of the cost of a search for several words.
 */
const SIGN = new RegExp(
  `[-_.JASBb](?:${[
    `(?<=[-_])(?:(?<=(?<![A-Za-z0-9])(?:${BEGINNINGS})[-_])|(?<=-----)(?=BEGIN ))`,
    "(?<=[Bb])(?:(?=earer )|(?<=B)(?=EARER |asic ))",
    String.raw`(?<=SG\.|ya29\.|eyJ)`,
    "(?<=A)(?=KIA|SIA|Iza)",
    "(?<=S)(?=K[0-9a-f]{8})",
  ].join("|")})`,
);

/** Length of the shortest token that begins with `dapi`, whose letters are too frequent for the class. */
const SHORTEST_DAPI = 36;

/**
 * Whether a known token, a scheme or a private key may be in the text. It is most of what masking costs: nearly all texts
 * have none, and are looked at no further.
 */
export function mayHoldSecret(text: string): boolean {
  return SIGN.test(text) || (text.length >= SHORTEST_DAPI && text.includes("dapi"));
}
