import { existsSync, readFileSync } from 'node:fs';
import { type BuildOptions, type BuildResult, build, type Plugin } from 'esbuild';
import { oldestNode } from '../lib/manifest.ts';
import { inlineBrowserCode } from './inline-browser-code.ts';
import { mergeChunks, versionCheck } from './merge-chunks.ts';

/**
 * The client library is one large package without `sideEffects` in its manifest. None of its modules has an effect when
 * it is loaded, so what is not used of it (most: the models and clients of all APIs) can be left out.
 */
const withoutUnusedClients: Plugin = {
  name: 'without-unused-clients',
  setup({ onResolve, resolve }) {
    const library = '@kubernetes/client-node';
    onResolve({ filter: /^(@kubernetes\/client-node$|\.)/ }, async ({ path, pluginData, ...place }) => {
      const isInside = path === library || place.importer.includes(`/node_modules/${library}/`);
      if (pluginData === library || !isInside) return undefined;
      return { ...(await resolve(path, { ...place, pluginData: library })), sideEffects: false };
    });
  },
};

/**
 * Node.js is given the CommonJS of OpenTelemetry's packages, of which nothing can be left out: with the ES modules that most
 * have beside it, the exporter of traces is a fifth of the size.
 */
const openTelemetryModules: Plugin = {
  name: 'open-telemetry-modules',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@opentelemetry\// }, async ({ path, pluginData, ...place }) => {
      if (pluginData === 'open-telemetry') return undefined;
      const found = await resolve(path, { ...place, pluginData: 'open-telemetry' });
      const module = found.path.replace('/build/src/', '/build/esm/');
      return existsSync(module) ? { ...found, path: module } : found;
    });
  },
};

/**
 * Of undici a push needs the connections. Its main file loads `fetch`, WebSocket, caches and mocks beside them: twice as much to
 * load before the first push after a start, and to keep in memory.
 */
const connectionsOfUndici: Plugin = {
  name: 'connections-of-undici',
  setup({ onResolve, onLoad }) {
    const namespace = 'connections-of-undici';
    onResolve({ filter: /^undici$/ }, ({ importer, resolveDir }) =>
      importer.endsWith('/lib/pushgateway/connections.ts')
        ? { path: 'undici', namespace, pluginData: resolveDir }
        : undefined,
    );
    onLoad({ filter: /^undici$/, namespace }, ({ pluginData: resolveDir }) => ({
      contents: `
        import api from 'undici/lib/api/index.js';
        import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
        Object.assign(Dispatcher.prototype, api);
        export { default as Client } from 'undici/lib/dispatcher/client.js';
        export { default as Pool } from 'undici/lib/dispatcher/pool.js';`,
      resolveDir,
    }));
  },
};

/**
 * Node's HTTP/2 takes 5 MB of memory, and 5 ms of the first push after a start. A Pushgateway is sent HTTP/1.1 alone; what
 * speaks HTTP/2, as an API server does, loads it with its first connection.
 */
const lazyHttp2: Plugin = {
  name: 'lazy-http2',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/undici\/lib\/dispatcher\/client\.js$/ }, ({ path }) => {
      const [before, after, more] = readFileSync(path, 'utf8').split(
        "const connectH2 = require('./client-h2.js')\n",
      );
      if (after === undefined || more !== undefined) throw new Error(`${path} loads HTTP/2 in another way`);
      return {
        contents: `${before}const connectH2 = (...given) => require('./client-h2.js')(...given)\n${after}`,
      };
    });
  },
};

/** The programs as files below the output folder, and the modules that they start with. */
const entryPoints = {
  'functions/main': 'functions/start.ts',
  'functions/index': 'functions/index.ts',
  'lib/cli/main': 'lib/cli/start.ts',
  'lib/cli/kubectl-restarts': 'lib/cli/kubectl-restarts.ts',
};

/** What runs in a thread of its own, beside the module that starts it: one small file, which is loaded in little time. */
const threads = { 'chunks/record-thread': 'lib/files/record-thread.ts' };

/**
 * All packages are bundled, so that a program starts in half the time and needs no `node_modules`. What is imported only
 * when it is needed stays in files of its own. Names and lines are kept as they are: a stack trace can be read
 * without source maps, which would be larger than the programs.
 */
const options = {
  entryPoints,
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: `node${oldestNode}`,
  metafile: true,
  plugins: [withoutUnusedClients, openTelemetryModules, connectionsOfUndici, lazyHttp2, inlineBrowserCode],
  // Packages in CommonJS call `require`, which modules do not have.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
} satisfies BuildOptions;

/** What programs start with, and what the files that they load at once are named by. */
const programs = {
  'functions/start.ts': versionCheck,
  'lib/cli/start.ts': versionCheck,
  'lib/cli/kubectl-restarts.ts': versionCheck,
  'functions/main.ts': 'function',
  'functions/index.ts': 'module',
  'lib/cli/main.ts': 'command',
} as const;

/**
 * Bundles the programs. `write: false` leaves the disk alone. The metafile is that of the chunks before those of the start
 * are merged.
 */
export async function bundle(
  outdir: string,
  { write = true }: { readonly write?: boolean } = {},
): Promise<BuildResult<typeof options>> {
  const result = await build({ ...options, outdir, write });
  if (write) await mergeChunks(result.metafile.outputs, programs, options);
  const { metafile } = await build({ ...options, entryPoints: threads, splitting: false, outdir, write });
  return { ...result, metafile: joined(result.metafile, metafile) };
}

function joined(one: Metafile, other: Metafile): Metafile {
  return {
    inputs: { ...one.inputs, ...other.inputs },
    outputs: { ...one.outputs, ...other.outputs },
  };
}

/** What esbuild says about each file that it wrote: which modules are in it, and which files it imports. */
export type Metafile = BuildResult<typeof options>['metafile'];
