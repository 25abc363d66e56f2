import type { PromptVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PagedAnswer } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip } from "../../components/chips.tsx";
import { Age } from "../../components/time.tsx";
import { useVirtual } from "../../components/use-virtual.ts";

const ROW_HEIGHT = 52;

/** The versions of a prompt, newest first: only those in view are drawn, more are asked for near the end. */
export function VersionList({
  answer,
  current,
  onShow,
}: {
  answer: PagedAnswer<PromptVersion>;
  /** Number of the version that is shown. */
  current: number;
  onShow: (version: number) => void;
}): JSX.Element {
  return (
    <Answered answer={answer}>
      {(versions) => <List versions={versions} answer={answer} current={current} onShow={onShow} />}
    </Answered>
  );
}

function List({
  versions,
  answer,
  current,
  onShow,
}: {
  versions: readonly PromptVersion[];
  answer: PagedAnswer<PromptVersion>;
  current: number;
  onShow: (version: number) => void;
}): JSX.Element {
  const scroller = useRef<HTMLElement>(null);
  const view = useVirtual({ scroller, count: versions.length, rowHeight: ROW_HEIGHT });
  const index = versions.findIndex(({ version }) => version === current);
  useEffect(() => {
    if (index >= 0) view.scrollTo(index);
  }, [index]);
  useEffect(() => {
    const isNearEnd = view.end > versions.length - 20;
    if (answer.hasMore && !answer.isLoadingMore && isNearEnd) answer.loadMore();
  }, [answer.hasMore, answer.isLoadingMore, view.end, versions.length]);
  return (
    <nav ref={scroller} class="version-list" aria-label="Versions">
      <ul style={{ paddingTop: `${view.before}px`, paddingBottom: `${view.after}px` }}>
        {versions.slice(view.first, view.end).map((version) => (
          <li key={version.version} style={{ height: `${ROW_HEIGHT}px` }}>
            <button
              type="button"
              aria-current={version.version === current ? "true" : undefined}
              onClick={() => onShow(version.version)}
            >
              <VersionLine version={version} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function VersionLine({ version }: { version: PromptVersion }): JSX.Element {
  return (
    <>
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
      <span class="commit-message" title={version.commitMessage}>
        {version.commitMessage}
      </span>
    </>
  );
}
