/** What `npm start` runs: the process of main.ts, which an old Node.js could not even load. */
import { requireSupportedNode } from '../lib/supported-node.ts';

if (requireSupportedNode()) await import('./main.ts');
