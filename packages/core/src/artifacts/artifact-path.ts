import { LIMITS, RivuletError } from "@rivulet/domain";

const MAX_SEGMENT_BYTES = 255;
// Characters with a special meaning in file systems, URLs or shells.
const FORBIDDEN = new Set('\\:%?#;*"<>|'.split(""));
// Also with the digits that Windows takes for digits, and with the spaces that it drops before an ending.
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\..*)?$/i;
/**
 * Characters that are not seen, or turn the others around: a name with them is not what it looks like. The joiners of
 * emoji and of Persian are not among them.
 */
const UNSEEN =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/**
 * Checks the label of an artifact, such as `model/weights.json`. It is never used as a path on disk; the
 * strictness is for those who download it.
 *
 * @throws RivuletError `invalid_argument`
 */
export function checkArtifactPath(path: unknown): string {
  const problem = typeof path === "string" ? findProblem(path) : "it is not text";
  if (typeof path === "string" && problem === undefined) return path;
  const shown = typeof path === "string" ? `"${path.slice(0, 100)}"` : `A ${typeof path}`;
  throw new RivuletError(
    "invalid_argument",
    `${shown} is not an artifact path: ${problem}. Use one such as 'model/weights.json'.`,
    { details: { field: "path" } },
  );
}

/** Whether an artifact may have this path. */
export function isArtifactPath(path: string): boolean {
  return findProblem(path) === undefined;
}

function findProblem(path: string): string | undefined {
  if (path.length > LIMITS.artifactPath) return `it is longer than ${LIMITS.artifactPath}`;
  if (!path.isWellFormed()) return "it contains half a surrogate pair";
  for (const segment of path.split("/")) {
    const problem = findSegmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** How MLflow names the images of a series: with signs that mean nothing in such a name. */
const SERIES_IMAGE = /^(.+)%step%\d+%timestamp%\d+%[g-z][\da-f-]{35}(?:%compressed)?\.[a-z]{3,5}$/;

function findSegmentProblem(whole: string): string | undefined {
  const segment = SERIES_IMAGE.exec(whole)?.[1]?.replaceAll("#", "") ?? whole;
  if (segment === "") return "a part between slashes is empty";
  if (segment === "." || segment === "..") return "it has a dot segment";
  if (Buffer.byteLength(whole) > MAX_SEGMENT_BYTES) return "a part is too long";
  if (segment.endsWith(".") || segment !== segment.trim())
    return "a part begins or ends with a space, or ends with a dot";
  if (WINDOWS_DEVICE.test(segment)) return "a part is the name of a device";
  const bad = [...segment].find((character) => FORBIDDEN.has(character) || UNSEEN.test(character));
  return bad === undefined ? undefined : `it contains ${JSON.stringify(bad)}`;
}
