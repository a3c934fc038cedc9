/** Sends texts in batches, one at a time, in the order in which they were added. */
export interface Batches {
  /** Resolves once the batch with the text has been sent; rejects with the reason why not. */
  add(text: string): Promise<void>;
}

interface Batch {
  text: string;
  readonly sent: PromiseWithResolvers<void>;
}

/**
 * What is added while a batch is under way is sent as the next one. So a batch is never larger than what its callers have under
 * way at a time, and no timer decides when it is sent.
 */
export function createBatches(send: (text: string) => Promise<void>): Batches {
  let next: Batch | undefined;
  let isSending = false;

  async function sendAll(): Promise<void> {
    isSending = true;
    // Callers that add at the same time are in one batch.
    await Promise.resolve();
    for (let batch = taken(); batch !== undefined; batch = taken()) {
      try {
        await send(batch.text);
        batch.sent.resolve();
      } catch (failure) {
        batch.sent.reject(failure);
      }
    }
    isSending = false;
  }

  function taken(): Batch | undefined {
    const batch = next;
    next = undefined;
    return batch;
  }

  return {
    add(text) {
      next ??= { text: '', sent: Promise.withResolvers() };
      next.text += text;
      const { promise } = next.sent;
      if (!isSending) void sendAll();
      return promise;
    },
  };
}
