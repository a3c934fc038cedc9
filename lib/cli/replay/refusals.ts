import type { LedgerError } from '../../errors.ts';
import type { Refusal } from '../../ledger/replay/replay.ts';

/** The refusals of a replay, each cause written once. */
export interface RefusalReport {
  /** Writes the refusal, unless one with the same cause has been written. */
  add(refusal: Refusal): void;
  /** Writes how often each cause was repeated. */
  end(): void;
}

export function createRefusalReport(warn: (line: string) => void): RefusalReport {
  const repeats = new Map<string, { readonly where: string; count: number }>();
  return {
    add({ where, failure }) {
      const cause = causeOf(failure);
      const known = repeats.get(cause);
      if (known !== undefined) {
        known.count += 1;
        return;
      }
      repeats.set(cause, { where, count: 0 });
      warn(`refused ${where}: ${failure.message}`);
    },
    end() {
      for (const { where, count } of repeats.values()) {
        if (count > 0) warn(`refused ${count} more for the same reason as ${where}`);
      }
    },
  };
}

/** The subject may name the record; each failure of what was read is a cause of its own. */
function causeOf({ kind, parts, status }: LedgerError): string {
  const { operation, subject, fact } = parts;
  return JSON.stringify(kind === 'invalid-input' ? [operation, subject, fact] : [kind, status, fact]);
}
