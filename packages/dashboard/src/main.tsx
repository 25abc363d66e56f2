import "./styles/index.css";
import { render } from "preact";
import { startLive } from "./api/live.ts";
import { queryClient } from "./api/query-client.ts";
import { watchReach } from "./api/reach.ts";
import { App } from "./app.tsx";
import { missingToken, signInFromAddress, watchAddress } from "./sign-in/sign-in.ts";
import { SignInGate } from "./sign-in/sign-in-gate.tsx";
import { watchSignIn } from "./sign-in/watch-sign-in.ts";

const root = document.getElementById("app");
if (root !== null) {
  watchAddress();
  await signInFromAddress();
  if (missingToken.get() === undefined) {
    queryClient.mount();
    watchSignIn();
    watchReach();
    startLive();
  }
  render(
    <SignInGate>
      <App />
    </SignInGate>,
    root,
  );
}
