import type { PromptVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import { Age } from "../../components/time.tsx";

/** The versions of a prompt, newest first. */
export function VersionList({
  versions,
  current,
  onShow,
}: {
  versions: readonly PromptVersion[];
  current: PromptVersion;
  onShow: (version: number) => void;
}): JSX.Element {
  return (
    <nav class="version-list" aria-label="Versions">
      <ul>
        {versions.map((version) => (
          <li key={version.version}>
            <button
              type="button"
              aria-current={version.version === current.version ? "true" : undefined}
              onClick={() => onShow(version.version)}
            >
              <span class="version-line">
                <strong>v{version.version}</strong>
                {version.aliases.map((alias) => (
                  <Chip key={alias} tone="accent">
                    {alias}
                  </Chip>
                ))}
                <span class="muted at-end">
                  <Age time={version.createdAt} />
                </span>
              </span>
              {version.commitMessage === "" ? null : (
                <span class="commit-message">{version.commitMessage}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
