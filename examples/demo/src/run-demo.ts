import { once as onceEmitted } from "node:events";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { type MlopsMiddleware, mlops } from "@rivulet/express";
import type { Agents } from "./agents/agent.ts";
import { createAiSdkAgent } from "./agents/ai-sdk-agent.ts";
import { createLangChainAgent } from "./agents/langchain-agent.ts";
import { createApp, MOUNT } from "./app.ts";
import { type Checks, createChecks } from "./checks.ts";
import { chooseStore } from "./demo-store.ts";
import { createHttpApi } from "./http-api.ts";
import { loadIris } from "./iris.ts";
import { type LanguageModels, openLanguageModels, readProviderSettings } from "./language-model.ts";
import { type Served, serve } from "./serve.ts";
import { runAllSteps } from "./steps/all-steps.ts";
import { createTools } from "./tools.ts";

/** Options of {@link runDemo}. */
export interface DemoOptions {
  /** End when everything is done, instead of serving the dashboard until SIGINT. @default false */
  readonly once?: boolean;
  /** The port that is wished for; a free one is taken when it is in use. @default 5757 */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** URL of the store. @default a SQLite file in `.rivulet`, or in a fresh folder with `once` */
  readonly store?: string;
  /** Told the address that opens the dashboard when everything is done, unless the demo ends then. @default nobody is told */
  readonly onReady?: (address: string) => unknown;
  /** Takes the text for people. @default standard output */
  readonly write?: (text: string) => void;
}

/** How the demo went. */
export interface DemoResult {
  /** Every step was done, and everything it should have left was found again. */
  readonly ok: boolean;
  /** The dashboard's address, with the token. */
  readonly url?: string;
}

/** Rivulet's main job on real input, in one Express app, told as it goes. */
export async function runDemo(options: DemoOptions = {}): Promise<DemoResult> {
  const { once = false, port = 5757, host = "127.0.0.1", onReady } = options;
  const write = options.write ?? ((text: string) => void process.stdout.write(text));
  const store = await chooseStore(options.store, once);
  const models = await openLanguageModels(readProviderSettings(process.env));
  const rivulet = createRivulet({ store: store.url });
  try {
    const agents = createAgents(rivulet, models);
    const dashboard = mlops(rivulet);
    const served = await serve(createApp({ rivulet, agents, dashboard }), { port, host });
    try {
      return await perform({ rivulet, agents, models, dashboard, served, write, once, onReady });
    } finally {
      await dashboard.close();
      await served.close();
    }
  } finally {
    await rivulet.close();
    await store.remove();
  }
}

interface Performance {
  readonly rivulet: Rivulet;
  readonly agents: Agents;
  readonly models: LanguageModels;
  readonly dashboard: MlopsMiddleware;
  readonly served: Served;
  readonly write: (text: string) => void;
  readonly once: boolean;
  readonly onReady: DemoOptions["onReady"];
}

function createAgents(rivulet: Rivulet, models: LanguageModels): Agents {
  const tools = createTools(rivulet, loadIris());
  return {
    langchain: createLangChainAgent(rivulet, models.langChain, tools),
    "ai-sdk": createAiSdkAgent(rivulet, models.aiSdk, tools),
  };
}

async function perform(performance: Performance): Promise<DemoResult> {
  const { rivulet, agents, models, dashboard, served, write, once, onReady } = performance;
  const url = await dashboard.signInUrl(`${served.url}${MOUNT}`);
  const tell = (line: string): void => write(`    ${line}\n`);
  write("Rivulet demo\n\n");
  write(`  dashboard       ${url}\n`);
  write(`  language model  ${models.description}\n`);
  write(`  store           ${(await rivulet.stats()).store.url}\n`);
  const checks = createChecks();
  const stage = {
    rivulet,
    api: createHttpApi({ url: served.url, mount: MOUNT, token: tokenIn(url) }),
    checks,
    tell,
  };
  let step = 0;
  const announce = (title: string): void => {
    step += 1;
    write(`\n  ${step}  ${title}\n`);
  };
  const failure = await attempt(() => runAllSteps({ stage, agents, models, announce }));
  const ok = summarize({ checks, failure, write });
  if (!once) {
    write(`\n  The dashboard stays at ${url} until you press Ctrl+C.\n`);
    onReady?.(url);
    await onceEmitted(process, "SIGINT");
    write("\n");
  }
  return { ok, url };
}

/** Programs take the token out of the address that people open. */
function tokenIn(address: string): string {
  return new URLSearchParams(new URL(address).hash.slice(1)).get("token") ?? "";
}

async function attempt(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function summarize(outcome: {
  readonly checks: Checks;
  readonly failure: Error | undefined;
  readonly write: (text: string) => void;
}): boolean {
  const { checks, failure, write } = outcome;
  const failed = checks.all.filter(({ ok }) => !ok);
  write("\n");
  if (failure !== undefined) write(`  ✗ ${failure.message}\n`);
  for (const { what } of failed) write(`  ✗ ${what}\n`);
  const ok = failed.length === 0 && failure === undefined;
  const count = checks.all.length;
  write(
    ok
      ? `  ✓ all ${count} results were read back and are as they should be\n`
      : `  ${count - failed.length} of ${count} results were read back as they should be\n`,
  );
  return ok;
}
