import { readFileSync, writeFileSync } from 'node:fs';
import { ruleObjectPath, ruleObjectText } from './rule-object.ts';

writeFileSync(ruleObjectPath, ruleObjectText(readFileSync(`${import.meta.dirname}/rules.yaml`, 'utf8')));
