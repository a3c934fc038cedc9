import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A built image: its last stage as a folder, and what it starts. */
export interface Image {
  /** The root of its file system, as far as the Dockerfile fills it; the base image is not there. */
  readonly root: string;
  /** Where it starts, below the root. */
  readonly workingDirectory: string;
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

interface Stage extends Image {
  readonly name: string;
}

/**
 * Carries out a Dockerfile without Docker: every stage in a folder of its own below `folder`, every COPY as a copy,
 * every RUN by a shell, or the Node.js, of this machine. Supports the instructions that the project's Dockerfile uses, and throws on any other.
 */
export function executeDockerfile(file: string, context: string, folder: string): Image {
  const stages: Stage[] = [];
  for (const [instruction, rest] of instructionsOf(readFileSync(file, 'utf8'))) {
    const stage = stages.at(-1);
    if (instruction === 'FROM') {
      const [, name = String(stages.length)] = / AS (\S+)$/i.exec(rest) ?? [];
      stages.push(emptyStage(name, join(folder, name)));
    } else if (stage === undefined) throw new Error(`${instruction} comes before FROM`);
    else stages[stages.length - 1] = carryOut(instruction, rest, stage, { context, stages });
  }
  const image = stages.at(-1);
  if (image === undefined) throw new Error('there is no FROM');
  return image;
}

function instructionsOf(text: string): readonly (readonly [instruction: string, rest: string])[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, instruction = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return [instruction, rest];
    });
}

function emptyStage(name: string, root: string): Stage {
  mkdirSync(root, { recursive: true });
  return { name, root, workingDirectory: '/', user: 'root', environment: {}, entrypoint: [], command: [] };
}

interface Surroundings {
  readonly context: string;
  readonly stages: readonly Stage[];
}

function carryOut(instruction: string, rest: string, stage: Stage, around: Surroundings): Stage {
  const here = join(stage.root, stage.workingDirectory);
  switch (instruction) {
    case 'WORKDIR':
      mkdirSync(join(stage.root, rest), { recursive: true });
      return { ...stage, workingDirectory: rest };
    case 'ENV':
      return { ...stage, environment: { ...stage.environment, ...variables(rest, stage.root) } };
    case 'COPY':
      copy(rest.split(/\s+/), here, around);
      return stage;
    case 'RUN': {
      const [program = 'sh', ...parameters] = rest.startsWith('[') ? words(rest) : ['sh', '-c', rest];
      execFileSync(program === '/nodejs/bin/node' ? process.execPath : program, parameters, {
        cwd: here,
        env: { ...cleanEnvironment(), ...stage.environment },
        stdio: 'pipe',
      });
      return stage;
    }
    case 'USER':
      return { ...stage, user: rest };
    case 'ENTRYPOINT':
      return { ...stage, entrypoint: words(rest) };
    case 'CMD':
      return { ...stage, command: words(rest) };
    case 'EXPOSE':
      return stage;
    default:
      throw new Error(`${instruction} is not known here`);
  }
}

/** A path is one below the root of the image. */
function variables(text: string, root: string): Readonly<Record<string, string>> {
  const given = text.split(/\s+/).map((variable) => {
    const [name = '', ...value] = variable.split('=');
    return [name, value.join('=')] as const;
  });
  return Object.fromEntries(
    given.map(([name, value]) => [name, value.startsWith('/') ? join(root, value) : value]),
  );
}

/** With the variables that npm needs for its registry, and without those of the running Node.js. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_ENV, NODE_OPTIONS, NODE_TEST_CONTEXT, ...others } = process.env;
  return others;
}

function copy(words: readonly string[], here: string, { context, stages }: Surroundings): void {
  const [, from] = /^--from=(\S+)$/.exec(words[0] ?? '') ?? [];
  const source = from === undefined ? context : stages.find(({ name }) => name === from)?.root;
  if (source === undefined) throw new Error(`there is no stage ${from}`);
  const paths = words.slice(from === undefined ? 0 : 1);
  const to = paths.at(-1) ?? '';
  for (const path of paths.slice(0, -1)) {
    // As Docker does: into a folder that ends with a slash, else under the name itself.
    const target = to.endsWith('/') ? join(here, to, basename(path)) : join(here, to);
    cpSync(join(source, path), target, { recursive: true, verbatimSymlinks: true });
  }
}

function words(json: string): readonly string[] {
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list.map(String) : [];
}
