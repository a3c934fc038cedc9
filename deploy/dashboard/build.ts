import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboard } from './dashboard.ts';

writeFileSync(
  join(import.meta.dirname, '../components/grafana/restart-ledger.json'),
  `${JSON.stringify(dashboard(), undefined, 2)}\n`,
);
