/**
 * What the adapter reads of the SDK's events, of every version: nothing is sure to be there, so everything
 * is read with care.
 */
export interface SdkEvent {
  readonly callId?: unknown;
  readonly operationId?: unknown;
  readonly aiVersion?: unknown;
  readonly functionId?: unknown;
  readonly recordInputs?: unknown;
  readonly recordOutputs?: unknown;
  readonly provider?: unknown;
  readonly modelId?: unknown;
  readonly model?: unknown;
  readonly headers?: unknown;
  readonly providerOptions?: unknown;
  readonly runtimeContext?: unknown;
  readonly metadata?: unknown;
  readonly abortSignal?: unknown;
  readonly instructions?: unknown;
  readonly system?: unknown;
  readonly prompt?: unknown;
  readonly messages?: unknown;
  readonly promptMessages?: unknown;
  readonly tools?: unknown;
  readonly schema?: unknown;
  readonly schemaName?: unknown;
  readonly schemaDescription?: unknown;
  readonly steps?: unknown;
  readonly toolCall?: unknown;
  readonly toolCallId?: unknown;
  readonly toolOutput?: unknown;
  readonly success?: unknown;
  readonly output?: unknown;
  readonly content?: unknown;
  readonly text?: unknown;
  readonly audio?: unknown;
  readonly voice?: unknown;
  readonly speed?: unknown;
  readonly language?: unknown;
  readonly outputFormat?: unknown;
  readonly object?: unknown;
  readonly objectText?: unknown;
  readonly finalStep?: unknown;
  readonly finishReason?: unknown;
  readonly rawFinishReason?: unknown;
  readonly usage?: unknown;
  readonly warnings?: unknown;
  readonly response?: unknown;
  readonly providerMetadata?: unknown;
  readonly msToFirstChunk?: unknown;
  readonly error?: unknown;
  readonly reason?: unknown;
  readonly embedCallId?: unknown;
  readonly value?: unknown;
  readonly values?: unknown;
  readonly embedding?: unknown;
  readonly embeddings?: unknown;
  readonly query?: unknown;
  readonly documents?: unknown;
  readonly ranking?: unknown;
}

/** Any of the SDK's callbacks. */
export type SdkListener = (event: unknown) => void;
