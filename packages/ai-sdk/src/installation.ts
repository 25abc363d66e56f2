import { createRivulet, openClients, type Rivulet } from "@rivulet/core";
import { nestInCalls } from "./calls/running-calls.ts";
import { createTelemetry, type RivuletTelemetry } from "./telemetry.ts";
import {
  checkTelemetryOptions,
  optionsOfEnvironment,
  type RivuletTelemetryOptions,
} from "./telemetry-options.ts";

/** The one installation of a process, whatever copies of this module are loaded. */
interface Installation {
  /** The one of {@link setRivulet}. */
  rivulet: Rivulet | undefined;
  options: RivuletTelemetryOptions;
  readonly telemetry: RivuletTelemetry;
}

interface Globals {
  /** Where AI SDK 6 and 7 look for integrations. */
  AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[];
  [INSTALLATION]?: Installation;
}

const INSTALLATION: unique symbol = Symbol.for("@rivulet/ai-sdk") as typeof INSTALLATION;

/**
 * Installs the telemetry for every call of the AI SDK in this process, once: frameworks load modules several
 * times. Until {@link setRivulet} is called, it records to the client that the app has made, the first that is open; as
 * long as there is none, to one of its own, made from `RIVULET_STORE` at the first event.
 */
export function installTelemetry(): void {
  installation();
}

/**
 * Records to this client from now on, by these options; calls that are going on stay with theirs. Options that are not
 * given are those of the environment.
 */
export function setRivulet(rivulet: Rivulet, options: RivuletTelemetryOptions = {}): void {
  checkTelemetryOptions(options, rivulet.reportError);
  nestInCalls(rivulet);
  const installed = installation();
  installed.rivulet = rivulet;
  installed.options = { ...optionsOfEnvironment(), ...options };
}

/** Spans nest within one client only: the app's is shared. */
function appClient(own: Rivulet | undefined): Rivulet | undefined {
  return openClients().find((client) => client !== own);
}

function installation(): Installation {
  const globals = globalThis as Globals;
  const known = globals[INSTALLATION];
  if (known !== undefined) return known;
  const made: Installation = {
    rivulet: undefined,
    options: optionsOfEnvironment(),
    telemetry: createTelemetry(client, () => made.options),
  };
  let own: Rivulet | undefined;
  function client(): Rivulet {
    const rivulet = made.rivulet ?? appClient(own) ?? ownClient();
    nestInCalls(rivulet);
    return rivulet;
  }
  function ownClient(): Rivulet {
    own ??= createRivulet();
    return own;
  }
  globals[INSTALLATION] = made;
  globals.AI_SDK_TELEMETRY_INTEGRATIONS ??= [];
  globals.AI_SDK_TELEMETRY_INTEGRATIONS.push(made.telemetry);
  return made;
}
