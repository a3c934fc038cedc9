#!/usr/bin/env node
/** What `restart-ledger` runs: the commands of main.ts, which an old Node.js could not even load. */
import { requireSupportedNode } from '../supported-node.ts';

if (requireSupportedNode()) await import('./main.ts');
