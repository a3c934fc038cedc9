import { utcZone, type Zone } from '../zone.ts';
import { byId, element } from './elements.ts';

/** The zone of the browser; {@link utcZone} itself where it is that. */
export const browserZone: Zone = zoneNamed(new Intl.DateTimeFormat().resolvedOptions().timeZone);

function zoneNamed(name: string): Zone {
  if (/^(?:Etc\/)?UTC$/.test(name)) return utcZone;
  return { name, offset: (unixSeconds) => new Date(unixSeconds * 1000).getTimezoneOffset() * -60 };
}

/** The parameter of the address, as Grafana has it in its own: `utc`; anything else is the zone of the browser. */
const parameter = 'timezone';

export function zoneOfAddress(search: string): Zone {
  const isUtc = new URLSearchParams(search).get(parameter)?.toLowerCase() === 'utc';
  return isUtc ? utcZone : browserZone;
}

/** The query of an address with what {@link zoneOfAddress} reads back. */
export function withZone(query: string, zone: Zone): string {
  const parameters = new URLSearchParams(query);
  if (zone !== browserZone) parameters.set(parameter, 'utc');
  return parameters.toString();
}

/** Shows the zone of the times, with a button for each of the two where they differ. */
export function showZone(zone: Zone, onChosen: (zone: Zone) => void): void {
  byId('axis-zone', HTMLElement).textContent = `Time in ${zone.name}`;
  byId('table-zone', HTMLElement).textContent = `times in ${zone.name}`;
  const group = byId('zones', HTMLElement);
  group.hidden = browserZone === utcZone;
  if (group.children.length === 0) {
    for (const offered of [browserZone, utcZone]) {
      const button = element('button', { type: 'button' }, offered.name);
      button.addEventListener('click', () => onChosen(offered));
      group.append(button);
    }
  }
  for (const button of group.children) {
    button.setAttribute('aria-pressed', String(button.textContent === zone.name));
  }
}
