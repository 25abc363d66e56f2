import { createHash } from "node:crypto";
import { isArtifactPath } from "@rivulet/core";

/** Signs that the name of an artifact may not have. */
const FORBIDDEN = /[\\:%?#;*"<>|\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name that an artifact may have. Where its own may not be used, its signs are replaced, and the beginning of its hash
 * keeps it apart from others: `plots/a:b.png` becomes `plots/a_b~1f0c3a2e.png`.
 */
export function artifactName(name: string): string {
  if (isArtifactPath(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const segments = name.split("/").map((segment) => {
    if (isArtifactPath(segment)) return segment;
    const allowed = segment.replace(FORBIDDEN, "_").trim().replace(/\.+$/, "").slice(0, 80);
    const dot = allowed.lastIndexOf(".");
    const [stem, extension] = dot > 0 ? [allowed.slice(0, dot), allowed.slice(dot)] : [allowed, ""];
    return `${stem}~${hash}${extension}`;
  });
  return segments.join("/");
}
