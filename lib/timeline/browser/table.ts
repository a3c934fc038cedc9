import { reasonKind } from '../reason-kind.ts';
import { reasonColumn, type TableDay, tableCells, tableDays, timeCell, timeColumn } from '../table-rows.ts';
import type { ShownRestart } from '../timeline-data.ts';
import { utcZone, type Zone } from '../zone.ts';
import { byId, element } from './elements.ts';

/** The table beneath, a part for each day. */
export interface RestartTable {
  /** All restarts; parts that are as they were before are left alone. */
  show(restarts: readonly ShownRestart[], zone: Zone): void;
  filter(matches: (restart: ShownRestart) => boolean): void;
  /** Brings the row of a restart into view. */
  reveal(restart: ShownRestart): void;
}

type Rows = ReadonlyMap<ShownRestart, HTMLTableRowElement>;

interface Part extends TableDay {
  readonly section: HTMLElement;
  readonly rows: Rows;
}

export function createRestartTable(): RestartTable {
  const body = byId('days', HTMLDivElement);
  const template = byId('day-template', HTMLTemplateElement);
  let parts = new Map<string, Part>();
  /** That of what the server has written. */
  let shownIn = utcZone;

  /** What the server has written for a day, or the last update, if it still says the same. */
  function partOf(day: TableDay, written: ReadonlyMap<string, HTMLElement>): Part {
    const before = parts.get(day.title);
    if (before !== undefined && isSame(before.restarts, day.restarts)) return before;
    const section =
      (before === undefined ? written.get(day.title) : undefined) ??
      newSection(day, (restart) => newRow(restart, shownIn));
    return partWith(day, section);
  }

  function partWith(day: TableDay, section: HTMLElement): Part {
    const rows = new Map<ShownRestart, HTMLTableRowElement>();
    for (const [index, row] of [...section.querySelectorAll<HTMLTableRowElement>('tbody tr')].entries()) {
      const restart = day.restarts[index];
      if (restart === undefined) continue;
      row.cells[reasonColumn]?.classList.add(reasonKind(restart.reason));
      rows.set(restart, row);
    }
    return { ...day, section, rows };
  }

  /** The day of another zone has the same rows, at other times. */
  function movedPart(day: TableDay, known: Rows): Part {
    const rowOf = (restart: ShownRestart) => {
      const row = known.get(restart) ?? newRow(restart, shownIn);
      const cell = row.cells[timeColumn];
      if (cell !== undefined) cell.textContent = timeCell(restart, shownIn);
      return row;
    };
    return partWith(day, newSection(day, rowOf));
  }

  function newSection(
    { title, restarts }: TableDay,
    rowOf: (restart: ShownRestart) => HTMLTableRowElement,
  ): HTMLElement {
    const copy = template.content.cloneNode(true);
    const section = copy instanceof DocumentFragment ? copy.querySelector('section') : null;
    if (section === null) throw new TypeError('the template of a day is empty');
    section.querySelector('h3')?.append(title);
    section.querySelector('tbody')?.append(...restarts.map(rowOf));
    return section;
  }

  return {
    show(restarts, zone) {
      const known = new Map([...parts.values()].flatMap(({ rows }) => [...rows]));
      const isMoved = zone !== shownIn;
      shownIn = zone;
      const written = new Map(
        [...body.querySelectorAll<HTMLElement>('section')].map((section) => [
          section.querySelector('h3')?.textContent ?? '',
          section,
        ]),
      );
      parts = new Map(
        tableDays(restarts, zone).map((day) => [
          day.title,
          isMoved ? movedPart(day, known) : partOf(day, written),
        ]),
      );
      const sections = [...parts.values()].map(({ section }) => section);
      if (
        sections.length !== body.children.length ||
        sections.some((section, index) => body.children[index] !== section)
      ) {
        body.replaceChildren(...sections);
      }
    },
    filter(matches) {
      for (const { section, rows } of parts.values()) {
        let shown = 0;
        for (const [restart, row] of rows) {
          const isHidden = !matches(restart);
          if (row.hidden !== isHidden) row.hidden = isHidden;
          if (!isHidden) shown += 1;
        }
        section.hidden = shown === 0;
      }
    },
    reveal(restart) {
      for (const marked of body.querySelectorAll('tr.revealed')) marked.classList.remove('revealed');
      const row = parts
        .values()
        .map(({ rows }) => rows.get(restart))
        .find((found) => found !== undefined);
      row?.classList.add('revealed');
      row?.scrollIntoView({ block: 'center' });
    },
  };
}

function isSame(a: readonly ShownRestart[], b: readonly ShownRestart[]): boolean {
  return a.length === b.length && a.every((restart, index) => restart === b[index]);
}

function newRow(restart: ShownRestart, zone: Zone): HTMLTableRowElement {
  return element('tr', {}, ...tableCells(restart, zone).map((cell) => element('td', {}, cell)));
}
