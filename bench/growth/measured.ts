import type { Line } from './line.ts';

/** All that is measured. Seconds are CPU seconds; megabytes are resident memory; bytes are on the wire or on disk. */
export interface Measured {
  readonly machine: string;
  /** Of the system, while it was measured: above the number of its cores, others were at work. */
  readonly loadAverage: number;
  /** Whether it was a short run. */
  readonly quick: boolean;
  readonly fn: FunctionCost;
  readonly watch: WatchCost;
  /** One that finds nothing missing, as most do; by Pods. */
  readonly reconcile: RunCost;
  /** One that finds nothing to delete; by groups. */
  readonly sweep: RunCost;
  readonly pushgateway: PushgatewayCost;
  readonly prometheus: PrometheusCost;
  readonly victoriaMetrics: VictoriaMetricsCost;
}

export interface FunctionCost {
  /** For an event without a termination, and for one with a restart that is pushed. */
  readonly secondsPlain: number;
  readonly secondsRestart: number;
  readonly megabytes: number;
  /** Events that one connection is answered a second, each sent after the answer to the one before; 1 in 20 with a restart. */
  readonly serialPerSecond: number;
}

/** 1 in 20 updates shows a termination, which is pushed or sent on. */
export interface WatchCost {
  readonly secondsPushing: number;
  readonly secondsSending: number;
  readonly megabytes: number;
  /** Of one update, as the API server sends it. */
  readonly bytes: number;
}

export interface RunCost {
  readonly seconds: Line;
  /** At its peak, with so many Pods or groups. */
  readonly megabytes: number;
  readonly count: number;
}

/** Without the consistency check; by groups, but for `secondsPush`. */
export interface PushgatewayCost {
  readonly secondsPush: number;
  readonly secondsScrape: Line;
  readonly bytesScrape: Line;
  readonly megabytes: Line;
  readonly bytesOnDisk: Line;
}

export interface PrometheusCost {
  /** By groups. */
  readonly secondsScrape: Line;
  readonly megabytes: Line;
  readonly seriesPerGroup: number;
  /** In blocks: chunks for each sample, index for each series. */
  readonly bytesPerSample: number;
  readonly bytesPerSeries: number;
}

export interface VictoriaMetricsCost {
  readonly secondsPush: number;
  /** By records. */
  readonly megabytes: Line;
  readonly seriesPerRecord: number;
  /** For a new record, and for one that is pushed again. */
  readonly bytesNew: number;
  readonly bytesAgain: number;
}
