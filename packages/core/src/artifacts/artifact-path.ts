import { LIMITS, RivuletError } from "@rivulet/domain";

const MAX_SEGMENT_BYTES = 255;
// Characters with a special meaning in file systems or shells.
const FORBIDDEN = new Set('\\;*"<>|'.split(""));
// On Windows it would lead to another place than the folder that it is put into.
const DRIVE = /^[A-Za-z]:/;
// What whoever decodes an address once too often takes for a dot or a slash.
const ENCODED_DOT = /%(?:25)*2e/gi;
const ENCODED_SLASH = /%(?:25)*(?:2f|5c)/i;
// A file's name before a colon is another one on Windows, with a stream behind the colon; the other cannot be there.
const NOT_ON_WINDOWS = /[:?]/;
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

/**
 * Checks that a disk of this machine can have a file of that name: times such as `10:00` are not possible on Windows.
 *
 * @throws RivuletError `unsupported`
 */
export function checkDiskPath(path: string): void {
  const bad = process.platform === "win32" ? NOT_ON_WINDOWS.exec(path)?.[0] : undefined;
  if (bad === undefined) return;
  throw new RivuletError(
    "unsupported",
    `"${path.slice(0, 100)}" cannot be the name of a file on Windows: it contains ${JSON.stringify(bad)}. Nothing was written: read it with artifacts.get or artifacts.stream, or download it as a ZIP archive.`,
    { details: { path } },
  );
}

function findProblem(path: string): string | undefined {
  if (path.length > LIMITS.artifactPath) return `it is longer than ${LIMITS.artifactPath}`;
  if (!path.isWellFormed()) return "it contains half a surrogate pair";
  if (DRIVE.test(path)) return "it begins with the letter of a drive";
  for (const segment of path.split("/")) {
    const problem = findSegmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function findSegmentProblem(segment: string): string | undefined {
  if (segment === "") return "a part between slashes is empty";
  if ([".", ".."].includes(segment.replaceAll(ENCODED_DOT, "."))) return "it has a dot segment";
  if (ENCODED_SLASH.test(segment)) return "a part has an encoded slash";
  if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) return "a part is too long";
  if (segment.endsWith(".") || segment !== segment.trim())
    return "a part begins or ends with a space, or ends with a dot";
  if (WINDOWS_DEVICE.test(segment)) return "a part is the name of a device";
  const bad = [...segment].find((character) => FORBIDDEN.has(character) || UNSEEN.test(character));
  return bad === undefined ? undefined : `it contains ${JSON.stringify(bad)}`;
}
