import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CopyButton } from "../../components/copy-button.tsx";
import { type MissingToken, signIn } from "../../sign-in/sign-in.ts";

const WHERE: Readonly<Record<MissingToken["token"], string>> = {
  kept: "Run it in the folder of the app, and add --store URL if the app does not use the default store.",
  given: "The app takes its token from RIVULET_TOKEN: set the same value for the command.",
  process:
    "Open the address that the app printed when it started. Its token is new each time the app starts.",
};

/** Stands in for every page until the token is there. */
export function SignInPage({ missing }: { missing: MissingToken }): JSX.Element {
  const { command, token, wasWrong } = missing;
  useEffect(() => {
    document.title = "Sign in · Rivulet";
  }, []);
  return (
    <main class="sign-in">
      <h1>Sign in to Rivulet</h1>
      {token === "process" ? (
        <p>{WHERE.process}</p>
      ) : (
        <OpenCommand command={command} token={token} />
      )}
      <TokenForm wasWrong={wasWrong} />
    </main>
  );
}

function OpenCommand({ command, token }: Omit<MissingToken, "wasWrong">): JSX.Element {
  return (
    <>
      <p>Run this command. It opens the dashboard, signed in:</p>
      <div class="sign-in-command">
        <pre class="code-line">
          <code>{command}</code>
        </pre>
        <CopyButton text={command} label="Copy the command" />
      </div>
      <p class="muted">{WHERE[token]}</p>
    </>
  );
}

function TokenForm({ wasWrong }: Pick<MissingToken, "wasWrong">): JSX.Element {
  const [token, setToken] = useState("");
  const [isWrong, setWrong] = useState(wasWrong);
  useEffect(() => setWrong(wasWrong), [wasWrong]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setWrong(false);
    if (await signIn(token.trim())) location.reload();
    else setWrong(true);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label for="token">Or paste the token</label>
      <div class="sign-in-command">
        <input
          id="token"
          class="input"
          type="password"
          autocomplete="off"
          required
          value={token}
          aria-describedby="token-problem"
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <button type="submit" class="button button-primary">
          Sign in
        </button>
      </div>
      <p id="token-problem" role="alert" class="tone-bad">
        {isWrong ? "This is not the token of this Rivulet." : ""}
      </p>
    </form>
  );
}
