import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { MOUNT_URL } from "../../api/mount-url.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { type MissingToken, signIn } from "../../sign-in/sign-in.ts";

const WHERE: Readonly<Record<MissingToken["token"], string>> = {
  kept: "Run it in the folder of the app, and add --store URL if the app does not use the default store.",
  given: "The app takes its token from RIVULET_TOKEN: set the same value for the command.",
  process:
    "Open the address that the app printed when it started. Its token is new each time the app starts.",
  key: "Whoever runs this Rivulet has given you a key, and with it what you may do.",
};

/** Opens this page with the token. Only the page knows its address for sure: behind a proxy the server has another. */
const COMMAND: string = `npx -y rivulet open ${quoted(MOUNT_URL)}`;

/** Quoted where a shell would interpret it. */
function quoted(address: string): string {
  return /^[\w:/.~[\]-]+$/.test(address) ? address : `'${address.replaceAll("'", "%27")}'`;
}

/** Stands in for every page until the token is there. */
export function SignInPage({ missing }: { missing: MissingToken }): JSX.Element {
  const { token, problem } = missing;
  useEffect(() => {
    document.title = "Sign in · Rivulet";
  }, []);
  return (
    <main class="sign-in">
      <h1>Sign in to Rivulet</h1>
      {token === "process" || token === "key" ? (
        <p>{WHERE[token]}</p>
      ) : (
        <OpenCommand token={token} />
      )}
      <TokenForm
        label={token === "key" ? "Your key" : "Or paste the token"}
        firstProblem={problem}
      />
    </main>
  );
}

function OpenCommand({ token }: Pick<MissingToken, "token">): JSX.Element {
  return (
    <>
      <p>Run this command. It opens the dashboard, signed in:</p>
      <div class="sign-in-command">
        <pre class="code-line">
          <code>{COMMAND}</code>
        </pre>
        <CopyButton text={COMMAND} label="Copy the command" />
      </div>
      <p class="muted">{WHERE[token]}</p>
    </>
  );
}

function TokenForm({
  label,
  firstProblem,
}: {
  label: string;
  firstProblem: string | undefined;
}): JSX.Element {
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState(firstProblem);
  useEffect(() => setProblem(firstProblem), [firstProblem]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setProblem(undefined);
    const found = await signIn(token.trim());
    if (found === undefined) location.reload();
    else setProblem(found);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label for="token">{label}</label>
      <div class="sign-in-command">
        <input
          id="token"
          class="input"
          type="password"
          autocomplete="current-password"
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
        {problem}
      </p>
    </form>
  );
}
