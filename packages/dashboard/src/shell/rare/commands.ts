import { MOUNT_URL } from "../../api/mount-url.ts";
import type { IconName } from "../../components/icon.tsx";
import { chooseTimeZone, timeZone } from "../../format/time-zone.ts";
import { navigate } from "../../routing/hash-location.ts";
import { SCOPED_PAGES, type Scope, scopedPath } from "../../routing/scope.ts";
import { chooseDensity, density } from "../../settings/density.ts";
import { canSignOut, signOut } from "../../sign-in/sign-in.ts";
import { chooseTheme, theme } from "../../theme/theme.ts";
import { DOCUMENTATION } from "../help.ts";
import { overlay } from "../overlay.ts";
import { PLACES } from "../shortcuts.ts";

/** What the palette can do without asking the store. */
export interface Command {
  readonly group: "Pages" | "Actions";
  readonly label: string;
  readonly icon: IconName;
  /** Keys that do the same. */
  readonly keys?: string;
  readonly run: () => void;
}

const ICONS: Readonly<Record<string, IconName>> = { "/settings": "settings" };

function pages(scope: Scope): readonly Command[] {
  const places = PLACES.map(([letter, label, place]) => {
    const scoped = SCOPED_PAGES.find((page) => page === place);
    const path = scoped === undefined ? place : scopedPath(scoped, scope);
    const icon = ICONS[place] ?? (place.replace("/", "") as IconName);
    return { group: "Pages", label, icon, keys: `g ${letter}`, run: () => navigate(path) } as const;
  });
  const store = { group: "Pages", label: "Store", icon: "datasets", run: () => navigate("/store") };
  return [...places, store as Command];
}

/** Opens a page of elsewhere beside this one. */
function openBeside(address: string): void {
  open(address, "_blank", "noopener,noreferrer");
}

/** Only what would change something now. */
function actions(): readonly Command[] {
  const themes = (["light", "dark", "system"] as const).filter((one) => one !== theme.get());
  const icons = { light: "sun", dark: "moon", system: "system" } as const;
  const nextZone = timeZone.get() === "UTC" ? "local" : "UTC";
  const nextDensity = density.get() === "compact" ? "comfortable" : "compact";
  const all: readonly (Omit<Command, "group"> | undefined)[] = [
    ...themes.map((one) => ({
      label: `Theme: ${one}`,
      icon: icons[one],
      run: () => chooseTheme(one),
    })),
    {
      label: nextZone === "UTC" ? "Show times in UTC" : "Show times in the local time zone",
      icon: "clock",
      run: () => chooseTimeZone(nextZone),
    },
    { label: `Rows: ${nextDensity}`, icon: "table", run: () => chooseDensity(nextDensity) },
    {
      label: "Keyboard shortcuts",
      icon: "keyboard",
      keys: "?",
      run: () => overlay.set("shortcuts"),
    },
    { label: "Documentation", icon: "help", run: () => openBeside(DOCUMENTATION) },
    {
      label: "Description of the API (OpenAPI)",
      icon: "code",
      run: () => openBeside(`${MOUNT_URL}api/v1/openapi.json`),
    },
    canSignOut.get()
      ? { label: "Sign out", icon: "sign-out", run: () => void signOut() }
      : undefined,
  ];
  return all.flatMap((one) => (one === undefined ? [] : [{ group: "Actions", ...one }]));
}

/** Pages and actions in whose label every word is. */
export function commandsFor(words: string, scope: Scope): readonly Command[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return [...pages(scope), ...actions()].filter(({ label }) =>
    wanted.every((word) => label.toLowerCase().includes(word)),
  );
}
