#!/usr/bin/env node
/** What `kubectl restarts` runs: main.ts sees by which name. */
import { requireSupportedNode } from '../supported-node.ts';

if (requireSupportedNode()) await import('./main.ts');
