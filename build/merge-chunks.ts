import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** What esbuild says about its output files, by their paths. */
type Outputs = Readonly<
  Record<
    string,
    {
      readonly entryPoint?: string;
      readonly exports: readonly string[];
      readonly imports: readonly {
        readonly path: string;
        readonly kind: string;
        readonly external?: boolean;
      }[];
    }
  >
>;

/** Where the exports of a chunk are after it has been merged. */
interface Place {
  readonly file: string;
  readonly nameOf: (exported: string) => string;
}

/** Names the programs that check the version of Node.js: what they load must not hold anything that an old version cannot load. */
export const versionCheck = 'check';

/**
 * Merges the chunks that programs load when they start: Node.js resolves, reads, compiles and links each file on its own. With it
 * the function has answered its first event after 51 ms of a processor, with esbuild's output alone after 64 ms (medians of 20
 * starts each, in turn). esbuild makes a chunk of each set of modules that the same entry points share, and every module
 * that is loaded lazily is such an entry point. Here the chunks that the same programs start with become one file,
 * whatever loads them later too. Each module still has one instance.
 *
 * @param programs Names for the modules that the programs start with, by the paths of these.
 * @param options Of the build that made the output, which is on the disk.
 */
export async function mergeChunks(
  outputs: Outputs,
  programs: Readonly<Record<string, string>>,
  options: Required<Pick<BuildOptions, 'format' | 'platform' | 'target'>>,
): Promise<void> {
  const groups = startGroups(outputs, programs);
  const places = new Map<string, Place>();
  for (const [file, chunks] of groups) {
    for (const [index, chunk] of chunks.entries())
      places.set(resolve(chunk), { file, nameOf: (exported) => `${exported}_${index}` });
  }
  const exportsOf = new Map(Object.entries(outputs).map(([path, output]) => [resolve(path), output.exports]));

  function exportList(chunk: string, { nameOf }: Place, from: string, isMerged: boolean): string {
    const names = (exportsOf.get(resolve(chunk)) ?? []).map((name) =>
      isMerged ? `${nameOf(name)} as ${name}` : `${name} as ${nameOf(name)}`,
    );
    return `export { ${names.join(', ')} } from ${JSON.stringify(from)};\n`;
  }

  /** Takes imports of merged chunks from the files that these are in; the merged file `own` takes its own as they are. */
  const redirect = (own: string | undefined): Plugin => ({
    name: 'redirect',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        const place = kind === 'dynamic-import' ? undefined : places.get(resolve(resolveDir, path));
        if (kind === 'entry-point' || (place !== undefined && place.file === own)) return undefined;
        if (place === undefined) return { path, external: true };
        const file = join(dirname(path), place.file).replace(/^(?!\.)/, './');
        return { path: resolve(resolveDir, path), namespace: 'merged', pluginData: file };
      });
      onLoad({ filter: /./, namespace: 'merged' }, ({ path, pluginData }) => {
        const place = places.get(path);
        return (
          place && { contents: exportList(path, place, String(pluginData), true), resolveDir: dirname(path) }
        );
      });
    },
  });

  const { format, platform, target } = options;
  const textOf = async (entry: Pick<BuildOptions, 'stdin' | 'entryPoints' | 'plugins'>): Promise<string> => {
    const common = { format, platform, target, bundle: true, write: false, logLevel: 'error' } as const;
    const { outputFiles } = await build({ ...common, ...entry });
    return outputFiles[0]?.text ?? '';
  };
  const written = new Map<string, string>();
  for (const [file, chunks] of groups) {
    const folder = dirname(resolve(chunks[0] ?? ''));
    const lists = chunks.map((chunk) => {
      const place = places.get(resolve(chunk));
      return place ? exportList(chunk, place, `./${basename(chunk)}`, false) : '';
    });
    const stdin = { contents: lists.join(''), resolveDir: folder };
    written.set(join(folder, file), await textOf({ stdin, plugins: [redirect(file)] }));
  }
  for (const path of Object.keys(outputs).filter((each) => !places.has(resolve(each)))) {
    written.set(path, await textOf({ entryPoints: [resolve(path)], plugins: [redirect(undefined)] }));
  }
  await Promise.all([...places.keys()].map((path) => rm(path)));
  await Promise.all([...written].map(([path, text]) => writeFile(path, text)));
}

/** The chunks that programs start with, by the file that they are merged into: one for each set of programs. */
function startGroups(
  outputs: Outputs,
  programs: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly string[]> {
  const loadedBy = new Map<string, string[]>();
  for (const [module, name] of Object.entries(programs)) {
    const [entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === module) ?? [];
    if (entry === undefined) throw new Error(`${module} is not a program`);
    for (const chunk of staticImports(outputs, entry))
      loadedBy.set(chunk, [...(loadedBy.get(chunk) ?? []), name]);
  }
  const groups = new Map<string, string[]>();
  for (const [chunk, names] of loadedBy) {
    const [first = ''] = names;
    const file = `start-${first === versionCheck ? first : names.join('-')}.js`;
    groups.set(file, [...(groups.get(file) ?? []), chunk]);
  }
  return groups;
}

/** All outputs that loading one loads at once; without entry points, which do something when they are loaded. */
function staticImports(outputs: Outputs, entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (output: string) => {
    for (const { path, kind, external } of outputs[output]?.imports ?? []) {
      if (kind === 'dynamic-import' || external || found.has(path)) continue;
      if (outputs[path]?.entryPoint === undefined) found.add(path);
      visit(path);
    }
  };
  visit(entry);
  return found;
}
