import type { JSX } from "preact";
import { Icon } from "../components/icon.tsx";
import { Account } from "./account.tsx";
import { helpOn } from "./help.ts";
import { LiveBadge } from "./live-badge.tsx";
import { overlay } from "./overlay.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

/** Who is signed in, how fresh the page is, and what helps. */
export function SidebarFoot({ path }: { path: string }): JSX.Element {
  const { topic, href } = helpOn(path);
  return (
    <div class="sidebar-foot">
      <Account />
      <div class="sidebar-tools">
        <LiveBadge />
        <a
          class="icon-button at-end"
          href={href}
          target="_blank"
          rel="noopener noreferrer"
          title={`Read about ${topic}, in the documentation`}
        >
          <Icon name="help" />
          <span class="hidden-text">Read about {topic}, in the documentation</span>
        </a>
        <button
          type="button"
          class="icon-button keyboard-button"
          title="Keyboard shortcuts (?)"
          onClick={() => overlay.set("shortcuts")}
        >
          <Icon name="keyboard" />
          <span class="hidden-text">Keyboard shortcuts</span>
        </button>
        <a
          class="icon-button"
          href="#/settings"
          title="Settings"
          aria-current={path === "/settings" ? "page" : undefined}
        >
          <Icon name="settings" />
          <span class="hidden-text">Settings</span>
        </a>
        <ThemeSwitch />
      </div>
    </div>
  );
}
