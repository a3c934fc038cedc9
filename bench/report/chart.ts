import { aimOf, figureOf, isReached, type Row } from './row.ts';
import { short } from './tables.ts';

const lineHeight = 44;
const labels = 330;
const bars = 420;
const figures = 240;

/**
 * The rows that stand beside a peer as an SVG: a pair of bars each, the longer one as long as the chart is wide.
 * Its colours read on a white and on a black page.
 */
export function chart(rows: readonly Row[], caption: string): string {
  const pairs = rows.filter(({ peer }) => peer !== undefined);
  const height = 40 + pairs.length * lineHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${labels + bars + figures} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="restart-ledger beside its peers">
<text x="10" y="20" fill="#808080">${escaped(caption)}</text>
${pairs.map((row, index) => pair(row, 34 + index * lineHeight)).join('\n')}
</svg>
`;
}

function pair(row: Row, y: number): string {
  const { what, unit, value, peer = { name: '', value } } = row;
  const longest = Math.max(value, peer.value);
  const mark = isReached(row) ? '' : ', not reached';
  const bar = (name: string, figure: number, at: number, colour: string, note: string) => {
    const width = (figure / longest) * bars;
    return `<text x="${labels - 8}" y="${at + 12}" text-anchor="end" fill="#808080">${escaped(name)}</text><rect x="${labels}" y="${at + 2}" width="${width.toFixed(1)}" height="13" fill="${colour}"/><text x="${(labels + width + 6).toFixed(1)}" y="${at + 12}" fill="#808080">${escaped(`${short(figure)} ${unit}${note}`)}</text>`;
  };
  const note = ` (${[figureOf(row).toFixed(2), aimOf(row)].filter(Boolean).join('; ')}${mark})`;
  return `${bar(what, value, y, '#2f81f7', note)}\n${bar(peer.name, peer.value, y + 17, '#9e9e9e', '')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
