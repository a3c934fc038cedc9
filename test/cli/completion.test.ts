import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../helpers/command.ts';
import { findProgram } from '../helpers/find-program.ts';
import { runProgram } from '../helpers/process.ts';
import { missing } from '../helpers/real-services.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('completion-');

/** Debian has these shells, and no test depends on them. */
function isAbsent(shell: string): string | false {
  return findProgram(shell) === undefined ? `${shell} is not installed` : false;
}

/** A folder with `restart-ledger` for the PATH. */
function installed(): string {
  const program = folder.write(
    'restart-ledger',
    `#!/bin/sh\nexec "${process.execPath}" "${resolve('lib/cli/main.ts')}" "$@"\n`,
  );
  chmodSync(program, 0o755);
  return folder.path;
}

/** The function of the package bash-completion that the script calls, for a machine without that package. */
const wordsByReference = `_get_comp_words_by_ref() {
      cur=\${COMP_WORDS[COMP_CWORD]}; prev=\${COMP_WORDS[COMP_CWORD-1]}
      words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD
    }`;

/** What a real bash completes a line to, after it has read our script. */
async function completedByBash(...words: readonly string[]): Promise<readonly string[]> {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `
    ${wordsByReference}
    source <(restart-ledger completion bash)
    spec=$(complete -p restart-ledger) || exit 3
    function_name=$(sed 's/.*-F \\([^ ]*\\).*/\\1/' <<< "$spec")
    COMP_WORDS=(restart-ledger ${quoted}); COMP_CWORD=${words.length}
    COMP_LINE="\${COMP_WORDS[*]}"; COMP_POINT=\${#COMP_LINE}
    "$function_name" restart-ledger '${words.at(-1)}' '' 2>/dev/null
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = await runProgram('bash', ['--norc', '-c', script], {
    environment: { PATH: `${installed()}:${process.env['PATH']}` },
  });
  assert.equal(code, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s/)[0] ?? '');
}

test('bash completes commands, options and their values', { skip: missing('bash') }, async () => {
  assert.deepEqual(await completedByBash('hist'), ['history']);
  assert.deepEqual(await completedByBash('history', '--comp'), ['--compare']);
  assert.deepEqual(await completedByBash('history', '--by', 'no'), ['node']);
});

for (const shell of ['bash', 'zsh', 'fish'])
  test(`the script for ${shell} asks the command itself`, async () => {
    const { code, stdout } = await runCommand(['completion', shell]);
    assert.equal(code, 0);
    assert.match(stdout, /restart-ledger complete -- /);
  });

for (const shell of ['zsh', 'fish'])
  test(`${shell} reads its script`, { skip: isAbsent(shell) }, async () => {
    const { stdout } = await runCommand(['completion', shell]);
    const { code, stderr } = await runProgram(shell, ['-n', folder.write(`script.${shell}`, stdout)]);
    assert.deepEqual([code, stderr], [0, '']);
  });

test('the help names the completion, and an unknown shell is invalid usage', async () => {
  assert.match((await runCommand(['--help'])).stdout, /\n {2}completion <shell> /);
  assert.equal((await runCommand(['completion', 'tcsh'])).code, 2);
});
