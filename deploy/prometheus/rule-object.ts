import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** Where the Prometheus Operator's component has it. */
export const ruleObjectPath = join(import.meta.dirname, '../components/prometheus/operator/rules.yaml');

/** The rules as a `PrometheusRule` of the Prometheus Operator, from the text of a rule file. */
export function ruleObjectText(rules: string): string {
  const spec: unknown = parse(rules);
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'restart-ledger', labels: { release: 'kube-prometheus-stack' } },
    spec,
  };
  return `# Made from deploy/prometheus/rules.yaml by \`npm run rules\`.\n${stringify(object, { lineWidth: 120 })}`;
}
