import { type Rivulet, RivuletError } from "@rivulet/core";
import { tapMediaModel } from "./calls/media-call.ts";
import { isModel } from "./calls/tapped-model.ts";
import { checkTelemetryOptions, type RivuletTelemetryOptions } from "./telemetry-options.ts";

/** Options of {@link traceMediaModel}. */
export type MediaModelOptions = Omit<RivuletTelemetryOptions, "abandonAfterMs">;

/**
 * A model of images, speech, transcription or video with its calls recorded, for `generateImage`, `generateSpeech`,
 * `transcribe` and `generateVideo` of AI SDK 5 to 7, which tell nobody of them: `generateImage({ model:
 * traceMediaModel(model, rivulet), prompt })`. What it is given and makes become attachments. Each attempt is a span of
 * its own. Where AI SDK 7 records speech or transcription itself, only the recordings are added.
 *
 * Models of language have the middleware: they are reported, and returned as they are.
 */
export function traceMediaModel<M extends object>(
  model: M,
  rivulet: Rivulet,
  options: MediaModelOptions = {},
): M {
  checkTelemetryOptions(options, rivulet.reportError);
  if (!isModel(model) || "supportedUrls" in model) {
    const message =
      "traceMediaModel takes a model of images, speech, transcription or video, such as openai.image(…). This is none, so its calls are not recorded.";
    rivulet.reportError(new RivuletError("invalid_argument", message));
    return model;
  }
  const { recordInputs, recordOutputs, experimentId } = options;
  const policy = { inputs: recordInputs !== false, outputs: recordOutputs !== false };
  return tapMediaModel({ rivulet, policy, experimentId }, model) as M;
}
