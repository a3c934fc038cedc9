import { styleText } from 'node:util';
import { duration, rfc3339 } from '../../metrics/families.ts';
import { type Restart, restartTime, runSeconds } from '../../restarts/restart.ts';
import { printable } from './printable.ts';

/** A restart as one line for a person: `2026-11-20T10:00:02Z shop/cart-0 cart #5 OOMKilled (137) after 2m0s`. */
export function restartLine(restart: Restart, isColoured: boolean): string {
  const { namespace, pod, container, ordinal, reason, exitCode } = restart;
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    isColoured ? styleText(format, printable(text), { validateStream: false }) : printable(text);
  const time = rfc3339(restartTime(restart)) || 'at an unknown time';
  const ran = duration(runSeconds(restart));
  return [
    paint('gray', time),
    printable(`${namespace}/${pod}`),
    paint('bold', container),
    `#${ordinal}`,
    paint(exitCode === 0 ? 'green' : 'red', `${reason} (${exitCode})`),
    ...(ran === '' ? [] : [`after ${ran}`]),
  ].join(' ');
}
