import type { JSX } from "preact";
import { type Me, useMe } from "../api/me.ts";
import { useObservable } from "../api/observable.ts";
import { Icon } from "../components/icon.tsx";
import { lookUp } from "../format/look-up.ts";
import { canSignOut, signOut } from "../sign-in/sign-in.ts";

/** Who the page's requests count as, and the way out where there is one. */
export function Account(): JSX.Element | null {
  const me = useMe();
  const isSignedIn = useObservable(canSignOut);
  if (me === undefined) return null;
  return (
    <div class="account">
      <span class="account-name" title={`${nameOf(me)}, with access to ${me.access}`} dir="auto">
        <Icon name="users" />
        <span>{nameOf(me)}</span>
      </span>
      <Access access={me.access} />
      {isSignedIn ? (
        <button type="button" class="icon-button" title="Sign out" onClick={() => void signOut()}>
          <Icon name="sign-out" />
          <span class="hidden-text">Sign out</span>
        </button>
      ) : null}
    </div>
  );
}

/** Names that the server gives to whoever has none. */
const NAMES: Readonly<Record<string, string>> = {
  local: "This machine",
  token: "Token",
  anonymous: "Everyone",
};

function nameOf({ id }: Me): string {
  return lookUp(NAMES, id) ?? id;
}

function Access({ access }: Pick<Me, "access">): JSX.Element | null {
  if (access === "write" || access === "admin") return null;
  return (
    <span class="chip tone-warn">{access === "annotate" ? "Feedback only" : "Read-only"}</span>
  );
}
