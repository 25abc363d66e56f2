import type { JSX } from "preact";
import { useObservable } from "../api/observable.ts";
import { Icon, type IconName } from "../components/icon.tsx";
import { chooseTheme, type Theme, theme } from "../theme/theme.ts";

const NEXT: Readonly<Record<Theme, readonly [next: Theme, icon: IconName]>> = {
  system: ["light", "system"],
  light: ["dark", "sun"],
  dark: ["system", "moon"],
};

/** Walks through system, light and dark. */
export function ThemeSwitch(): JSX.Element {
  const current = useObservable(theme);
  const [next, icon] = NEXT[current];
  return (
    <button
      type="button"
      class="icon-button"
      title={`Theme: ${current}. Change to ${next}.`}
      onClick={() => chooseTheme(next)}
    >
      <Icon name={icon} />
      <span class="hidden-text">
        Theme: {current}. Change to {next}.
      </span>
    </button>
  );
}
