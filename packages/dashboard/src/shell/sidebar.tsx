import type { JSX } from "preact";
import { useLocation } from "wouter-preact";
import { useMe } from "../api/me.ts";
import { Icon, type IconName } from "../components/icon.tsx";
import { LiveBadge } from "./live-badge.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

const AREAS: readonly (readonly [path: string, label: string, icon: IconName])[] = [
  ["/experiments", "Experiments", "experiments"],
  ["/traces", "Traces", "traces"],
  ["/prompts", "Prompts", "prompts"],
  ["/models", "Models", "models"],
  ["/datasets", "Datasets", "datasets"],
  ["/evaluations", "Evaluations", "evaluations"],
];

/** The areas of the dashboard, how fresh it is, and how it looks. */
export function Sidebar(): JSX.Element {
  const [location] = useLocation();
  const path = location === "/compare-runs" ? "/experiments" : location;
  return (
    <header class="sidebar">
      <a class="brand" href="#/experiments">
        <Brand />
        <span>Rivulet</span>
      </a>
      <nav aria-label="Areas">
        <ul>
          {AREAS.map(([area, label, icon]) => {
            const isCurrent = path === area || path.startsWith(`${area}/`);
            return (
              <li key={area}>
                <a href={`#${area}`} aria-current={isCurrent ? "page" : undefined}>
                  <Icon name={icon} />
                  <span>{label}</span>
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <div class="sidebar-foot">
        <Access />
        <LiveBadge />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function Access(): JSX.Element | null {
  const me = useMe();
  if (me === undefined || me.access === "write" || me.access === "admin") return null;
  const words = me.access === "annotate" ? "Feedback only" : "Read-only";
  return (
    <span class="chip tone-warn" title={`Signed in as ${me.id}, with access to ${me.access}`}>
      {words}
    </span>
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
