import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { useCan } from "../api/me.ts";
import { Icon, type IconName } from "../components/icon.tsx";
import { paths } from "../routing/paths.ts";
import {
  rememberScope,
  type Scope,
  type ScopedPage,
  scopedPath,
  useScope,
} from "../routing/scope.ts";
import { ExperimentSwitcher } from "./experiment-switcher.tsx";
import { overlay } from "./overlay.ts";
import { PALETTE_KEYS } from "./shortcuts.ts";
import { SidebarFoot } from "./sidebar-foot.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const SCOPED: readonly (readonly [page: ScopedPage, label: string])[] = [
  ["overview", "Overview"],
  ["runs", "Runs"],
  ["traces", "Traces"],
  ["sessions", "Sessions"],
  ["users", "Users"],
  ["evaluations", "Evaluations"],
];

const SHARED: readonly (readonly [path: string, label: string, icon: IconName])[] = [
  ["/prompts", "Prompts", "prompts"],
  ["/models", "Models", "models"],
  ["/datasets", "Datasets", "datasets"],
  ["/experiments", "Experiments", "experiments"],
];

/** They make the server call other addresses: administrators' business. */
const WEBHOOKS = ["/webhooks", "Webhooks", "webhooks"] as const;

const NAVIGATION = "navigation";

/**
 * Where one can go: what an experiment has, what all share; who is signed in, and how fresh the page is. On narrow
 * screens it is a bar, with the pages in a drawer that the browser opens and closes.
 */
export function Sidebar(): JSX.Element {
  const [path] = useLocation();
  const scope = useScope();
  const drawer = useRef<HTMLDivElement>(null);
  useShortcuts(scope);
  useEffect(() => {
    rememberScope(path);
    if (drawer.current?.matches(":popover-open")) drawer.current.hidePopover();
  }, [path]);
  return (
    <header class="sidebar">
      <button type="button" class="icon-button drawer-button" popovertarget={NAVIGATION}>
        <Icon name="menu" />
        <span class="hidden-text">Pages and account</span>
      </button>
      <a class="brand" href="#/" title="Rivulet">
        <Brand />
        <span>Rivulet</span>
      </a>
      <ExperimentSwitcher scope={scope} />
      <button
        type="button"
        class="button palette-button"
        title={`Find anything (${PALETTE_KEYS})`}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => overlay.set("palette")}
      >
        <Icon name="search" />
        <span>Find</span>
        <kbd>{PALETTE_KEYS}</kbd>
      </button>
      <div ref={drawer} id={NAVIGATION} popover="auto" class="navigation">
        <Navigation path={path} scope={scope} />
        <SidebarFoot path={path} />
      </div>
    </header>
  );
}

function Navigation({ path, scope }: { path: string; scope: Scope }): JSX.Element {
  const shared = useCan("admin") ? [...SHARED, WEBHOOKS] : SHARED;
  return (
    <nav aria-label="Pages">
      <ul>
        {SCOPED.map(([page, label]) => (
          <NavLink
            key={page}
            href={scopedPath(page, scope)}
            label={label}
            icon={page}
            isCurrent={isOn(path, page)}
          />
        ))}
        {scope.experimentId === undefined ? null : (
          <NavLink
            href={paths.aboutExperiment(scope.experimentId).slice(1)}
            label="About"
            icon="about"
            isCurrent={path.endsWith("/about")}
          />
        )}
      </ul>
      <ul>
        {shared.map(([href, label, icon]) => (
          <NavLink
            key={href}
            href={href}
            label={label}
            icon={icon}
            isCurrent={path === href || (href !== "/experiments" && path.startsWith(`${href}/`))}
          />
        ))}
      </ul>
    </nav>
  );
}

/** Whether a path shows the list, or something that is in it. */
function isOn(path: string, page: ScopedPage): boolean {
  const [first, second, third] = path.split("/").slice(1);
  if (first === "experiments" && second !== undefined) return third === page;
  return first === page || (first === "compare-runs" && page === "runs");
}

function NavLink({
  href,
  label,
  icon,
  isCurrent,
}: {
  href: string;
  label: string;
  icon: IconName;
  isCurrent: boolean;
}): JSX.Element {
  return (
    <li>
      <a href={`#${href}`} aria-current={isCurrent ? "page" : undefined}>
        <Icon name={icon} />
        <span>{label}</span>
      </a>
    </li>
  );
}

function Brand(): JSX.Element {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M6 11c5-5 8 5 13 0 3-3 5-2 7 0M6 18c5-5 8 5 13 0 3-3 5-2 7 0M6 25c5-5 8 5 13 0 3-3 5-2 7 0" />
    </svg>
  );
}
