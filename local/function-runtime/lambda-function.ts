/** A function as the services that invoke it see it. */
export interface LambdaFunction {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** Invokes synchronously with an event that is already JSON. Several calls may be under way at once. */
  invoke(eventJson: string): Promise<Invocation>;
}

/** How an invocation ended. A function that throws, times out or dies is a value, not an exception. */
export type Invocation =
  | { readonly kind: 'returned'; readonly payload: unknown; readonly payloadBytes: number }
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string };
