import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf } from '../programs.ts';

/** The one image of the node: busybox, for the sandboxes too. */
export const imageName = 'docker.io/bench/busybox:1';

const applets = [
  'sh',
  'cat',
  'sleep',
  'touch',
  'test',
  'tail',
  'head',
  'mkdir',
  'kill',
  'true',
  'false',
  'ls',
];

/**
 * Writes the image as an archive that `ctr images import` reads.
 * https://github.com/moby/moby/blob/v24.0.0/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format
 *
 * @returns its path.
 */
export function writeImage(folder: string): string {
  const root = join(folder, 'root');
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp'])
    mkdirSync(join(root, name), { recursive: true });
  copyFileSync(pathOf('busybox'), join(root, 'bin', 'busybox'));
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet));
  const layer = join(folder, 'layer.tar');
  pack(layer, root, ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']);
  const digest = createHash('sha256').update(readFileSync(layer)).digest('hex');
  const configuration = {
    architecture: { x64: 'amd64', arm64: 'arm64' }[String(process.arch)] ?? process.arch,
    os: 'linux',
    config: { Cmd: ['sleep', '2147483647'], Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: [imageName], Layers: ['layer.tar'] }];
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(folder, 'image.tar');
  pack(archive, folder, ['config.json', 'manifest.json', 'layer.tar']);
  return archive;
}

function pack(archive: string, folder: string, names: readonly string[]): void {
  execFileSync(pathOf('tar'), [
    '--create',
    '--owner=0',
    '--group=0',
    '--file',
    archive,
    '-C',
    folder,
    ...names,
  ]);
}
