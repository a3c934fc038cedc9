import { readFile, writeFile } from 'node:fs/promises';
import { measuredDocuments, withMeasurements } from '../report/measured-sections.ts';
import type { Results } from '../report/row.ts';
import type { Recall } from './result.ts';

/** Keeps what was measured beside the other benchmarks' results, and shows it in the documents. */
export async function writeRecall({ machine, phases }: Recall): Promise<void> {
  const kept: Results = JSON.parse(await readFile('bench/results.json', 'utf8'));
  // The findings name UIDs and container IDs that no longer exist.
  const withoutFindings = phases.map((phase) => ({
    ...phase,
    paths: phase.paths.map((path) => ({ ...path, findings: [] })),
  }));
  const results: Results = { ...kept, recall: { machine, phases: withoutFindings } };
  await writeFile('bench/results.json', `${JSON.stringify(results, undefined, 2)}\n`);
  for (const path of measuredDocuments)
    await writeFile(path, withMeasurements(await readFile(path, 'utf8'), results));
}
