// Builds after `npm ci`. Without the development dependencies there is nothing to build with, and nothing to do; plain
// JavaScript, since then the machine's own Node.js runs it, which may not know TypeScript.
import { existsSync } from 'node:fs';

if (existsSync('node_modules/esbuild')) await import('./main.ts');
