import { RivuletError } from "@rivulet/domain";

const OLDEST_NODE = { major: 22, minor: 18 };

/**
 * Refuses a Node that is too old, before a worker fails on it.
 *
 * @throws RivuletError `unsupported`
 */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST_NODE.major) return;
  if (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor) return;
  throw new RivuletError(
    "unsupported",
    `Rivulet needs Node ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer; this is Node ${version}.`,
    { details: { version } },
  );
}
