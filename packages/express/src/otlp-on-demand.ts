import { checkOptions, FUNCTION, type OptionChecks, type Rivulet, TEXT } from "@rivulet/core";
import type { HandlerExtension } from "@rivulet/server";
import { isNotFound, loadInstalled } from "./installed-package.ts";

/** OTLP of a mount: the options of `@rivulet/otel`, which is loaded with the first request. */
export interface MlopsOtlp {
  /**
   * Name or id of the experiment of traces that name none, where the header `x-rivulet-experiment` names none either.
   *
   * @default that of the client
   */
  readonly experiment?: string;
  /** Loads the package, where a bundler has to see it: `() => import("@rivulet/otel")`. @default what is installed */
  readonly load?: LoadOtel;
}

/** Loads `@rivulet/otel`. */
export type LoadOtel = () => Promise<OtelModule>;

/** What is used of `@rivulet/otel`. */
export interface OtelModule {
  /** Creates the extension that takes OTLP. */
  otlp(rivulet: Rivulet, options: Omit<MlopsOtlp, "load">): HandlerExtension;
}

const PACKAGE = "@rivulet/otel";
const MISSING = `OTLP needs a package that is not installed: npm install ${PACKAGE}`;
/** Where `@rivulet/otel` takes spans. */
const PATHS = ["/v1/traces", "/api/public/otel/v1/traces"] as const;
/** As much, and what, it takes. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const CONTENT_TYPES = ["application/x-protobuf", "application/json"];

const OTLP: OptionChecks<MlopsOtlp> = {
  of: "otlp",
  checks: { experiment: TEXT, load: FUNCTION },
};

/** OTLP at its paths, loaded with its first request. Without its package it answers 501 and names what to install. */
export function otlpOnDemand(rivulet: Rivulet, options: MlopsOtlp): HandlerExtension {
  checkOptions(options, OTLP);
  const { load = () => loadInstalled<OtelModule>(PACKAGE), ...settings } = options;
  let opened: Promise<HandlerExtension> | undefined;
  const open = (): Promise<HandlerExtension> => {
    opened ??= load().then(({ otlp }) => otlp(rivulet, settings));
    return opened;
  };
  const routeAt = (path: string): Route => ({
    method: "POST",
    path,
    access: "write",
    body: "bytes",
    exact: false,
    maxBytes: MAX_BODY_BYTES,
    contentTypes: CONTENT_TYPES,
    handle: async (call) => {
      try {
        const route = (await open()).routes.find((other) => other.path === path);
        return await (route as Route).handle(call);
      } catch (error) {
        if (!isNotFound(error, PACKAGE)) throw error;
        opened = undefined;
        return Response.json({ message: MISSING }, { status: 501 });
      }
    },
  });
  return {
    name: "otlp",
    routes: PATHS.map(routeAt),
    errorBody: ({ message }) => ({ message }),
  };
}

/** They take bytes. */
type Route = Extract<HandlerExtension["routes"][number], { readonly body: "bytes" }>;
