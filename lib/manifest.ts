import manifest from '../package.json' with { type: 'json' };

/** The version of restart-ledger. */
export const version = manifest.version;

/** The oldest Node.js that it runs on, as `22.19`. */
export const oldestNode = manifest.engines.node.replace('>=', '');
