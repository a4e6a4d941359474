/** The latest request to deliver at once, as the shards' workers see it. */
export interface DrainRequest {
  /** Counts the requests; 0 is none. */
  readonly ticket: number;
  readonly requestedAt: number;
}

/** Remembers which drain requests a worker has served, and wakes those who wait for one. */
export function createServedTickets() {
  const waiting: { readonly ticket: number; readonly resolve: () => void }[] = [];
  let latest = 0;
  return {
    latest: () => latest,
    serve: (ticket: number) => {
      latest = Math.max(latest, ticket);
      for (const waiter of waiting.splice(0)) {
        if (waiter.ticket <= latest) waiter.resolve();
        else waiting.push(waiter);
      }
    },
    served: (ticket: number) =>
      new Promise<void>((resolve) => {
        if (ticket <= latest) resolve();
        else waiting.push({ ticket, resolve });
      }),
  };
}
