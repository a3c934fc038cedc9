/** The baseline: reads the lines of a file and parses each one. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , file = ''] = process.argv;
let parsed = 0;
for await (const line of createInterface({ input: createReadStream(file) })) {
  JSON.parse(line);
  parsed += 1;
}
process.stdout.write(`${parsed}\n`);
