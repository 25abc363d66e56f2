import type { JSX } from "preact";
import { useObservable } from "../api/observable.ts";
import { lazyComponent } from "../components/lazy-component.tsx";
import { missingToken } from "./sign-in.ts";

const SignInPage = lazyComponent(() =>
  import("../pages/sign-in/sign-in-page.tsx").then((module) => module.SignInPage),
);

/** Shows its children, or how to sign in while the token is missing. */
export function SignInGate({ children }: { children: JSX.Element }): JSX.Element {
  const missing = useObservable(missingToken);
  return missing === undefined ? children : <SignInPage missing={missing} />;
}
